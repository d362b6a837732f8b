"""How does a command end: the app run, errors told in one line, the exit code."""

import sys

import typer
from typer.exceptions import TyperException

from errcli import diagnostics
from errcli.cli.app import build
from errcli.errors import UsageError


def run(arguments: list[str]) -> int:
    """Run errcli on arguments; return its exit code."""
    debug = "--debug" in arguments
    try:
        code = build(arguments[0] if arguments else None)(args=arguments, prog_name="errcli", standalone_mode=False)
    except TyperException as error:
        return _usage_error(error, debug=debug)
    except SystemExit:  # Typer's way to end when nobody reads its help any more
        return 0
    except (KeyboardInterrupt, typer.Abort):
        return diagnostics.report(KeyboardInterrupt(), debug=debug)
    except Exception as error:  # noqa: BLE001 - the last line of defence: one line and a code, whatever happened
        return diagnostics.report(error, debug=debug)
    if code == diagnostics.INTERRUPTED:  # Typer makes a code of Ctrl-C, and says nothing
        return diagnostics.report(KeyboardInterrupt(), debug=debug)
    return code if isinstance(code, int) else 0


def _usage_error(error: TyperException, *, debug: bool) -> int:
    if type(error).__name__ == "NoArgsIsHelpError":
        sys.stdout.write(f"{error.format_message()}\n")
        return 0
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "errcli"
    what = " ".join(error.format_message().split()).rstrip(".")
    return diagnostics.report(UsageError(what, "", f"{command} --help"), debug=debug)
