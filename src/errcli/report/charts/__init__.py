"""Pictures: a Result becomes a Vega-Lite specification, one module a kind of picture; none of them draws."""
