"""HTTP: events in, answers out, beside the command line and never in its way; the only importer of fastapi."""
