"""The store: one DuckDB file, opened for short bursts; the only package that knows duckdb."""
