"""The command line: the only package that knows typer; one file a verb, analyses from the catalog."""
