"""How many records may be events at the same time? So many, of so many bytes: several copies are made of a text."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

_MOST = 10_000
_MOST_BYTES = 8 << 20

_T = TypeVar("_T")


def portions(records: Iterable[_T], size: Callable[[_T], int]) -> Iterator[list[_T]]:
    """Cut records, each of so many bytes, into portions that may be in memory at once; none of them is empty."""
    portion: list[_T] = []
    held = 0
    for record in records:
        length = size(record)
        if len(portion) == _MOST or (portion and held + length > _MOST_BYTES):
            yield portion
            portion, held = [], 0
        portion.append(record)
        held += length
    if portion:
        yield portion
