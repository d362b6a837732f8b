"""What does the application's operator have to know: one line on stderr, if there is one."""

import sys
from contextlib import suppress


def say(what: str) -> None:
    """Tell something."""
    with suppress(Exception):  # an application may have closed it, or put anything in its place
        sys.stderr.write(f"errcli.capture: {what}\n")
