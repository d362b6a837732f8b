"""Whose error is it: the user, session and page that hold for a block of code, such as one request."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from contextvars import ContextVar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextvars import Token
    from typing import Any


class Behalf:
    """On whose behalf code runs: values, or functions without arguments that are asked when there is an error."""

    __slots__ = ("page", "session", "user")

    def __init__(self, user: Any = None, session: Any = None, page: Any = None) -> None:
        self.user, self.session, self.page = user, session, page


NOBODY = Behalf()

CURRENT: ContextVar[Behalf] = ContextVar("errcli.capture.behalf", default=NOBODY)


@contextmanager
def on_behalf_of(user: Any = None, session: Any = None, page: Any = None) -> Iterator[None]:
    """Let errors in the block that name no user, session or page of their own have these.

    Each may be a function without arguments, which is called when there is an error; what it raises is ignored.
    """
    token = CURRENT.set(Behalf(user, session, page))
    try:
        yield
    finally:
        let_go(token)


def let_go(token: Token[Behalf]) -> None:
    """Put back what held before; where the code goes on in another context there is nothing to put back."""
    with suppress(ValueError):
        CURRENT.reset(token)
