"""Ingest: what turns foreign bytes into canonical events; knows nothing of the store."""
