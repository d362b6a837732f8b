"""How is it told that a pattern, or a place, is back?"""

from typing import TYPE_CHECKING

from errcli import diagnostics

if TYPE_CHECKING:
    from collections.abc import Iterable

    from errcli.store.burst import Back

# Of a pattern so many characters are told.
_SHOWN = 100


def tell_what_is_back(found: "Iterable[Back]") -> None:
    """Say on stderr what was resolved and is seen again."""
    for back in found:
        diagnostics.note(f"back, though resolved: {back.pattern_hash[:8]} {back.pattern[:_SHOWN]}")
