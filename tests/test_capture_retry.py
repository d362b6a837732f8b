"""What does the log say of something that was tried again, and how do the questions count it?"""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from errcli.capture import error_boundary, with_retry
from tests.capturing import Captured, run
from tests.support import Cli

pytest.importorskip("tenacity")


def failing(*errors: BaseException | None) -> Any:
    """Return a function that raises these in turn, None being a success."""
    left = list(errors)

    def attempt() -> str:
        error = left.pop(0)
        if error is not None:
            raise error
        return "done"

    return attempt


def told(captured: Captured) -> list[tuple[Any, ...]]:
    """Return, for every event, its try, its severity, whether the user is blocked, and what came of the recovery."""
    return [
        (
            event["context"]["inputData"]["retryAttempt"],
            event["impact"]["severity"],
            event["impact"].get("userBlocked"),
            event.get("recovery", {}).get("successful"),
        )
        for event in captured.events
    ]


def gone() -> ConnectionError:
    return ConnectionError("gone")


def test_a_success_at_once_is_no_event(captured: Captured) -> None:
    assert with_retry(user="u-1")(failing(None))() == "done"
    assert captured.events == []


def test_the_last_failed_try_before_a_success_says_that_trying_again_was_the_recovery(captured: Captured) -> None:
    pay = with_retry(delay=0, user="u-1", page="/checkout", input_data={"order": 7})(failing(gone(), gone(), None))
    assert pay() == "done"
    assert told(captured) == [(1, "medium", None, False), (2, "medium", None, True)]
    second = captured.events[1]
    assert second["recovery"] == {"attempted": True, "successful": True, "method": "retry"}
    assert second["context"]["inputData"] == {"order": 7, "retryAttempt": 2}


def test_when_all_tries_fail_the_last_one_is_severe_and_blocks_and_its_error_is_raised(captured: Captured) -> None:
    last = ConnectionError("gone for good")
    with pytest.raises(ConnectionError) as raised, error_boundary(user="u-1"):
        with_retry(delay=0, user="u-1")(failing(gone(), gone(), last))()
    assert raised.value is last
    assert told(captured) == [(1, "medium", None, False), (2, "medium", None, False), (3, "high", True, False)]


def test_what_is_not_to_be_tried_again_is_the_last_try(captured: Captured) -> None:
    with pytest.raises(ValueError, match="wrong"):
        with_retry(delay=0, on=ConnectionError, user="u-1")(failing(gone(), ValueError("wrong"), None))()
    assert told(captured) == [(1, "medium", None, False), (2, "high", True, False)]


def test_one_try_tries_no_recovery(captured: Captured) -> None:
    with pytest.raises(ConnectionError):
        with_retry(tries=1, user="u-1")(failing(gone()))()
    assert told(captured) == [(1, "high", True, None)]


def test_what_is_interrupted_says_nothing_of_a_recovery(captured: Captured) -> None:
    with pytest.raises(KeyboardInterrupt):
        with_retry(delay=0, user="u-1")(failing(gone(), KeyboardInterrupt()))()
    assert told(captured) == [(1, "medium", None, None)]


def test_coroutine_functions_are_tried_again_and_may_be_cancelled_meanwhile(captured: Captured) -> None:
    attempt = failing(gone(), None)

    @with_retry(delay=0, user="u-1")
    async def pay() -> str:
        result: str = attempt()
        return result

    @with_retry(delay=60, user="u-2")
    async def wait() -> None:
        raise gone()

    async def both() -> None:
        assert await pay() == "done"
        waiting = asyncio.create_task(wait())
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    asyncio.run(both())
    assert told(captured) == [(1, "medium", None, True), (1, "medium", None, None)]


def test_pauses_grow_by_the_delay(captured: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("time.sleep", pauses.append)
    assert with_retry(tries=4, user="u-1")(failing(gone(), gone(), gone(), None))() == "done"
    assert pauses == [1, 2, 3]
    assert len(captured.events) == 3


def test_less_than_one_try_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one is wanted"):
        with_retry(tries=0)


def test_a_recovery_is_counted_as_one_and_its_success_as_no_error(captured: Captured, cli: Cli) -> None:
    for user, errors in {"u-1": (gone(), None), "u-2": (gone(), gone(), None), "u-3": (gone(), gone(), gone())}.items():
        attempt = with_retry(delay=0, user=user, session=f"s-{user}", page="/checkout", action="pay")(failing(*errors))
        try:
            attempt()
        except ConnectionError:
            assert user == "u-3"
    assert len(captured.events) == 6
    assert cli("ingest", captured.file).code == 0
    pattern = cli("patterns", "--now", "latest", "-f", "json").row
    assert (pattern["errors"], pattern["users"], pattern["blocked"]) == (6, 3, 1)
    recovery = cli("recovery", "--min-attempts", "1", "--since", "1d", "--now", "latest", "-f", "json").row
    assert (recovery["method"], recovery["attempts"], recovery["successes"]) == ("retry", 3, 2)
    assert cli("struggling", "--min-errors", "2", "--now", "latest", "-f", "json").rows[0]["user_id"] == "u-3"


def test_without_the_extra_the_decorator_says_what_is_missing(tmp_path: Path) -> None:
    text = "import sys; sys.modules['tenacity'] = None\nfrom errcli.capture import with_retry\nwith_retry()(print)"
    assert "pip install 'errcli[retry]'" in run(text, tmp_path).err
