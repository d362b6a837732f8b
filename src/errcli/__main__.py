"""The entry point of `errcli` and of `python -m errcli`."""

import gc
import os
import sys
from typing import NoReturn


def main() -> None:
    """Run errcli on the process's arguments and exit."""
    # A command is over before collections are worth their time: the imports alone would cause dozens of them.
    gc.set_threshold(100_000)
    try:
        from errcli.cli.main import run
    except KeyboardInterrupt:  # nothing was begun
        sys.exit(130)
    _end(run(sys.argv[1:]))


def _end(code: int) -> NoReturn:
    """End the process at once: what commands open they close, and to take apart all that was imported takes long."""
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:  # it was closed before the process began
                stream.flush()
    except (OSError, ValueError):
        sys.exit(code)  # the interpreter has its own way to say so
    os._exit(code)


if __name__ == "__main__":
    main()
