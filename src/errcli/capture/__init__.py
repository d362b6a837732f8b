"""What an application imports so that the errors of its users are written down as `errcli ingest` reads them.

Nothing here raises into the application, but `configure` for a setting that cannot be. POSIX only: processes that share
a file lock it with flock. A name costs its own import and no other.
"""

from importlib import import_module

TYPE_CHECKING = False  # as type checkers understand it; typing itself would be a third of the import
if TYPE_CHECKING:
    from typing import Any

    from errcli.capture.behalf import on_behalf_of
    from errcli.capture.boundary import error_boundary
    from errcli.capture.codes import MESSAGES, user_message
    from errcli.capture.log_handler import Handler
    from errcli.capture.retry import with_retry
    from errcli.capture.tracking import track_error
    from errcli.capture.web import ASGIMiddleware, WSGIMiddleware
    from errcli.capture.writer import configure, flush, stats

__all__ = [
    "MESSAGES", "ASGIMiddleware", "Handler", "WSGIMiddleware", "configure", "error_boundary", "flush",
    "on_behalf_of", "stats", "track_error", "user_message", "with_retry",
]  # fmt: skip

_MODULES = {
    "behalf": ("on_behalf_of",),
    "boundary": ("error_boundary",),
    "codes": ("MESSAGES", "user_message"),
    "log_handler": ("Handler",),
    "retry": ("with_retry",),
    "tracking": ("track_error",),
    "web": ("ASGIMiddleware", "WSGIMiddleware"),
    "writer": ("configure", "flush", "stats"),
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> "Any":
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value
