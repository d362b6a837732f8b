"""Does a boundary track what its code raises, once, and leave everything else about that code as it was?"""

import asyncio
import inspect
from collections.abc import AsyncGenerator, Generator

import pytest

from errcli.capture import error_boundary
from tests.capturing import Captured

cart = error_boundary(page="/cart", action="load", user="u-1")
quiet = error_boundary(page="/cart", user="u-1", reraise=False, fallback="nothing")


def test_what_a_block_raises_is_tracked_where_it_happened_and_goes_on_up(captured: Captured) -> None:
    with pytest.raises(TimeoutError, match="late"), error_boundary(page="/cart", action="load", severity="low"):
        raise TimeoutError("late")
    event = captured.event
    assert (event["context"], event["error"]["code"]) == ({"page": "/cart", "action": "load"}, "TIMEOUT")
    assert event["impact"] == {"severity": "low"}


def test_a_block_that_raises_nothing_tracks_nothing(captured: Captured) -> None:
    with cart:
        pass
    assert captured.events == []


def test_an_error_that_ends_here_leaves_the_fallback(captured: Captured) -> None:
    @quiet
    def load(number: int) -> str:
        return f"{1 // number}"

    assert (load(1), load(0)) == ("1", "nothing")
    assert captured.event["error"]["type"] == "ZeroDivisionError"


def test_boundaries_within_each_other_track_an_error_once_at_the_innermost(captured: Captured) -> None:
    with pytest.raises(KeyError), error_boundary(page="/outer"), error_boundary(page="/inner"):
        raise KeyError("x")
    assert captured.event["context"]["page"] == "/inner"


@pytest.mark.parametrize("signal", [KeyboardInterrupt, SystemExit, GeneratorExit, asyncio.CancelledError])
def test_what_is_no_error_passes_untracked(signal: type[BaseException], captured: Captured) -> None:
    with pytest.raises(signal), quiet:
        raise signal
    assert captured.events == []


def test_a_function_stays_what_it_was() -> None:
    @cart
    def load(number: int) -> int:
        """Load it."""
        return number

    assert (load(7), load.__name__, load.__doc__) == (7, "load", "Load it.")
    assert list(inspect.signature(load).parameters) == ["number"]


def test_a_coroutine_function_is_tracked_when_it_is_awaited(captured: Captured) -> None:
    @quiet
    async def load() -> str:
        await asyncio.sleep(0)
        raise ConnectionError("gone")

    assert inspect.iscoroutinefunction(load)
    assert asyncio.run(load()) == "nothing"
    assert captured.event["error"]["type"] == "network"


def test_a_block_of_a_coroutine_is_tracked(captured: Captured) -> None:
    async def load() -> None:
        async with cart:
            await asyncio.sleep(0)
            raise ConnectionError("gone")

    with pytest.raises(ConnectionError):
        asyncio.run(load())
    assert captured.event["error"]["type"] == "network"


def test_a_generator_is_tracked_while_it_runs_and_takes_what_it_is_sent(captured: Captured) -> None:
    @cart
    def pages() -> Generator[int, int, None]:
        """Double what is sent; fail at the third."""
        got = 0
        for _ in range(2):
            got = yield 2 * got
        raise ValueError("third")

    generator = pages()
    assert inspect.isgeneratorfunction(pages)
    assert (next(generator), generator.send(21)) == (0, 42)
    with pytest.raises(ValueError, match="third"):
        next(generator)
    assert captured.event["error"]["message"] == "third"


def test_an_asynchronous_generator_is_tracked_takes_what_is_sent_and_thrown_and_is_closed(captured: Captured) -> None:
    closed = []

    @cart
    async def pages() -> AsyncGenerator[int, int]:
        """Double what is sent, pass over what is thrown, fail at -1."""
        got = 0
        try:
            while got >= 0:
                try:
                    got = yield 2 * got
                except LookupError:
                    got = 100
            raise ValueError("negative")
        finally:
            closed.append(got)

    async def use() -> None:
        generator = pages()
        assert await generator.__anext__() == 0
        assert await generator.asend(21) == 42
        assert await generator.athrow(LookupError()) == 200
        with pytest.raises(ValueError, match="negative"):
            await generator.asend(-1)
        left = pages()
        await left.__anext__()
        await left.aclose()

    asyncio.run(use())
    assert closed == [-1, 0]
    assert captured.event["error"]["message"] == "negative"
