"""serve: events in and answers out over HTTP."""

import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from errcli.cli.command import add_command
from errcli.cli.extras import needing
from errcli.cli.invocation import Invocation
from errcli.config import UNGUESSABLE
from errcli.errors import ConfigError, StoreBusyError, UsageError

if TYPE_CHECKING:
    from errcli.server.serving import Tokens

_MOST_PORT = 65_535


def add(app: typer.Typer) -> None:
    """Add `errcli serve`."""
    add_command(
        app,
        "serve",
        _serve,
        summary="Take events and answer questions over HTTP",
        example="errcli serve --port 8000",
        details="Needs the extra errcli[serve]. Events that POST /api/v1/errors/track accepts are on disk, and in the "
        "store about a second later; GET /api/v1/NAME answers as the command does, GET /openapi.json says what there "
        "is. Another address than one of this machine needs the tokens of [serve].",
        shared=("db", "wait", "debug"),
    )


def _serve(
    invocation: Invocation,
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, help="On which port; 0 takes a free one.")] = 8000,
    no_log: Annotated[bool, typer.Option("--no-log", help="Do not tell of each request.")] = False,
) -> None:
    if port > _MOST_PORT:
        raise UsageError(f"{port} is no port", "--port", f"at most {_MOST_PORT}")
    with needing("serve", "serve"):
        from errcli.server.run import run
        from errcli.server.serving import Serving, is_local

    tokens = _tokens(invocation)
    if tokens is None and not is_local(host):
        raise UsageError(
            "others than this machine may only ask with tokens",
            "--host",
            "set ERRCLI_SERVE_WRITE_TOKEN and ERRCLI_SERVE_READ_TOKEN, or their files in [serve]",
        )
    if invocation.store_options.path.exists():
        # what is no store is told now, not to whoever asks first; one that is busy will be free another time
        with suppress(StoreBusyError), invocation.reading():
            pass
    serving = Serving(
        invocation.config,
        invocation.store_options,
        invocation.keeping,
        host,
        tokens,
        log=not no_log,
        debug=invocation.debug,
    )
    run(serving, port)


def _tokens(invocation: Invocation) -> "Tokens | None":
    """Return the tokens that are set, both or none. Raises ConfigError."""
    from errcli.server.serving import Tokens

    settings = invocation.config.serve
    write = _token("write_token", settings.write_token, settings.write_token_file)
    read = _token("read_token", settings.read_token, settings.read_token_file)
    if write is None and read is None:
        return None
    if write is None or read is None:
        missing = "write_token" if write is None else "read_token"
        raise ConfigError("one token without the other", f"[serve] {missing}", "set both, or none")
    return Tokens(write, read)


def _token(key: str, token: str | None, file: str | None) -> str | None:
    if file is None:
        return token
    try:
        text = Path(file).read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        what = getattr(error, "strerror", None) or "no text in ASCII"
        raise ConfigError(what, f"[serve] {key}_file", "give a file that holds the token") from error
    if not re.fullmatch(UNGUESSABLE, text):
        raise ConfigError("expected 16 characters or more, ASCII without blanks", f"[serve] {key}_file", file)
    return text
