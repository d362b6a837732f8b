"""What does a regrouping move, and which states does that touch?"""

import msgspec

from errcli.config import Condition
from errcli.store.connection import Store
from errcli.store.patterns import know_patterns
from errcli.store.regroup import look_anew, regroup
from errcli.store.rollup import roll_up
from errcli.store.sql import statement


class Move(msgspec.Struct, frozen=True):
    """Events that were in one pattern and are in another, and the decisions that stand for these."""

    old_hash: str
    old_pattern: str
    new_hash: str
    new_pattern: str
    events: int
    errors: int
    old_decision: str | None
    new_decision: str | None


def regroup_all(store: Store, rules: dict[str, list[Condition]], *, keep: bool) -> list[Move]:
    """Group all events anew by the present masks and rules, and roll up; return what has moved, most events first.

    Where nothing is to be kept, it is only a question.
    """
    look_anew(store.connection, rules)
    with store.transaction(keep=keep):
        know_patterns(store)
        store.run(statement("regroup_before"))
        regroup(store.connection)
        roll_up(store)
        return [Move(*row) for row in store.run(statement("regroup_report"))]
