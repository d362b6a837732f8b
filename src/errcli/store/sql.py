"""Where does a statement's text come from: the `.sql` files beside the modules that run them."""

from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent


@cache
def statement(name: str) -> str:
    """Return the text of `store/<name>.sql`."""
    return (_HERE / f"{name}.sql").read_text("utf-8")


def quoted(identifier: str) -> str:
    """Quote an identifier that must vary: a column list, an attached file's name."""
    return '"' + identifier.replace('"', '""') + '"'
