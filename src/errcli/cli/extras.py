"""Which commands need libraries that are an extra, and how is it told that these are missing?"""

from collections.abc import Iterator
from contextlib import contextmanager

from errcli.errors import MissingExtraError


@contextmanager
def needing(extra: str, command: str) -> Iterator[None]:
    """Import in the block what `pip install 'errcli[EXTRA]'` brings. Raises MissingExtraError."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise MissingExtraError(f"{error.name} is not installed", command, f"pip install 'errcli[{extra}]'") from error
