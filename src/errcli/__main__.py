"""The entry point of `errcli` and of `python -m errcli`."""

import gc
import sys


def main() -> None:
    """Run errcli on the process's arguments and exit."""
    # A command is over before collections are worth their time: the imports alone would cause dozens of them.
    gc.set_threshold(100_000)
    try:
        from errcli.cli.main import run
    except KeyboardInterrupt:  # nothing was begun
        sys.exit(130)
    code = run(sys.argv[1:])
    # the interpreter's last collection would look at everything that was imported
    gc.freeze()
    sys.exit(code)


if __name__ == "__main__":
    main()
