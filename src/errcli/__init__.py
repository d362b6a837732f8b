"""errcli: answers from error logs, as a command line over one DuckDB file."""

__version__ = "0.1.0"
