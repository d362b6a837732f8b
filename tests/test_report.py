"""Does the report say what its analyses say, on a page that stands alone, is valid, and can be read in many ways?"""

import base64
import hashlib
import re
import shlex
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest

from errcli.cli.main import run
from tests import cases
from tests.pages import all_of, local, parsed, tables_of, text_of
from tests.processes import on_terminal
from tests.support import ONE_THREAD, Cli, event, write_log
from tests.test_contract_of_analyses import NOW as NOW_OF_SOME
from tests.test_contract_of_analyses import some_events

pytest.importorskip("jinja2", reason="needs the extra: pip install 'errcli[report]'")
pytest.importorskip("vl_convert", reason="needs the extra: pip install 'errcli[report]'")

NOW = "2026-11-20T17:59:59.157Z"
ANALYSES = ["timeline", "patterns", "features", "stuck", "cascades", "recovery", "fix-first"]
QUESTIONS = [
    "1. What is breaking for users?",
    "2. Which features are the problem?",
    "3. When do users get stuck?",
    "4. How do users recover?",
    "5. What should be fixed first?",
    "What is not known?",
]


@pytest.fixture(autouse=True)
def _one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(*ONE_THREAD)


@pytest.fixture(scope="module")
def page(sample_report: Path) -> str:
    return sample_report.read_text("utf-8")


@pytest.fixture(scope="module")
def root(page: str) -> Element:
    return parsed(page)


def report_of(db: Path, file: Path, *options: str) -> str:
    """Write a report in this process and return it."""
    assert run(["report", "-o", str(file), "--db", str(db), *options]) == 0
    return file.read_text("utf-8")


def test_it_asks_the_five_questions_in_order_and_says_what_is_not_known(root: Element) -> None:
    assert [text_of(heading) for heading in all_of(root, "h2")] == QUESTIONS
    assert [table.analysis for table in tables_of(root)] == ANALYSES


@pytest.mark.slow
def test_its_rows_are_those_of_the_commands_that_it_names(cli: Cli, sample_db: Path, root: Element) -> None:
    for table in tables_of(root):
        name, *words = shlex.split(table.command)
        answered = cli(*words, "-f", "json", "--db", sample_db)
        assert (name, answered.code) == ("errcli", 0)
        assert answered.rows == table.rows, table.command
        assert len(answered.rows) > 0


@pytest.mark.slow
def test_it_has_rates_where_a_file_says_how_many_users_came(cli: Cli, sample_db: Path, tmp_path: Path) -> None:
    exposure = str(Path(__file__).parent.parent / "sample_data" / "exposure.csv")
    options = ("--since", "3d", "--tz", "America/New_York", "--exposure", exposure)
    page = report_of(sample_db, tmp_path / "r.html", "--now", "latest", *options)
    (features,) = [table for table in tables_of(parsed(page)) if table.analysis == "features"]
    rows = cli("features", *options, "--now", NOW, "-f", "json", "--db", sample_db).rows
    assert features.rows == rows
    assert rows[0]["rate"] is not None
    assert "<p>2026-11-17 12:59:59 to 2026-11-20 12:59:59 EST</p>" in page
    assert "no rates: the log knows only users with errors" not in page


def test_it_begins_with_the_size_of_it_all(cli: Cli, sample_db: Path, root: Element) -> None:
    numbers = [text_of(number) for number in all_of(root, "dd")]
    counted = cli(
        "query",
        "SELECT sum(occurrences) AS e, sum(occurrences) FILTER (WHERE user_blocked) AS b, count(DISTINCT user_id) AS u"
        f" FROM user_errors WHERE timestamp > TIMESTAMPTZ '{NOW}' - INTERVAL 7 DAY AND timestamp <= '{NOW}'",
        *("-f", "json", "--db", sample_db),
    ).row
    assert numbers[:3] == [f"{counted[key]:,}" for key in ("e", "b", "u")]
    assert all_of(root, "dt")[2].text == "users with an error, 191 in the window before"


def test_each_question_is_answered_in_a_sentence(root: Element) -> None:
    sentences = [text_of(each) for each in all_of(root, "p") if each.get("class") == "short"]
    coupon = "“TypeError: Cannot read properties of undefined (reading '<*>') for coupon <*>”"
    assert sentences == [
        f"{coupon} met most users: 121, with 15.9% of all errors (growing).",
        "/cart apply_coupon has most users with an error: 121 of 195.",
        "Most at /cart apply_coupon: 27 of 121 users got stuck; 15.1% of 194 episodes ended in a dead end.",
        "Most tried: request_access, against “Only admins of '<*>' may invite <*>”: 56 of 56 attempts worked.",
        f"{coupon}: 10.7% of all harm, rank 1 to 3.",
    ]


def test_it_names_its_window_its_command_its_version_and_what_it_does_not_know(page: str, root: Element) -> None:
    assert "<p>2026-11-13 17:59:59 to 2026-11-20 17:59:59 UTC</p>" in page
    (footer,) = all_of(root, "footer")
    assert re.match(
        r"Made by errcli \d+\.\d+\.\d+ with errcli report -o \S+/report.html --since 7d --now latest --db \S+, "
        r"as of 2026-11-20 17:59:59 UTC\.",
        text_of(footer),
    )
    unknown = [text_of(line) for line in all_of(all_of(root, "section")[-1], "li")]
    assert (
        "Only errors are logged. Silence is not recovery: whoever went quiet may have succeeded, or given up."
        in unknown
    )
    assert unknown[-2].startswith("4 of the 20 places shown have open episodes: their last event is less than 30m ")
    assert unknown[-1].startswith("Not all rows are shown: patterns 20 of 29, features 20 of 40, ")
    notes = [text_of(each) for each in all_of(root, "p") if each.get("class") == "note"]
    assert notes[0].startswith("no rates: the log knows only users with errors; --exposure FILE")


def test_nothing_of_it_is_fetched_or_run(page: str, root: Element) -> None:
    assert {local(element) for element in root.iter()}.isdisjoint(
        {"script", "link", "img", "iframe", "object", "embed", "form", "input", "image", "use", "foreignObject", "base"}
    )
    names = {name for element in root.iter() for name in element.attrib}
    assert not [name for name in names if name.startswith("on") or name in ("style", "src", "srcset", "action")]
    assert {element.attrib["href"][:1] for element in all_of(root, "a")} == {"#"}
    assert "http:" not in page
    assert "https:" not in page
    assert "url(" not in page
    assert "@import" not in page


def test_its_policy_allows_its_own_style_sheet_and_nothing_else(root: Element) -> None:
    (policy,) = [meta.attrib["content"] for meta in all_of(root, "meta") if "http-equiv" in meta.attrib]
    (style,) = all_of(root, "style")
    digest = base64.b64encode(hashlib.sha256((style.text or "").encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_a_screen_reader_finds_its_way(root: Element) -> None:
    assert all_of(root, "html")[0].get("lang") == "en"
    assert [len(all_of(root, name)) for name in ("main", "nav", "header", "footer", "h1")] == [1] * 5
    levels = [int(local(element)[1]) for element in root.iter() if re.fullmatch(r"h\d", local(element))]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    assert len(set(ids)) == len(ids)
    named = [names for element in root.iter() for names in element.get("aria-labelledby", "").split()]
    named += [element.attrib["href"][1:] for element in all_of(root, "a")]
    assert set(named) <= set(ids)
    for table in all_of(root, "table"):
        assert text_of(all_of(table, "caption")[0])
        assert {heading.get("scope") for heading in all_of(table, "th")} == {"col"}


def test_each_picture_is_there_for_both_widths_with_a_title_a_description_and_texts_that_can_be_searched(
    root: Element,
) -> None:
    pictures = all_of(root, "svg")
    assert [picture.attrib["class"] for picture in pictures] == ["wide", "narrow"] * len(ANALYSES)
    for picture in pictures:
        assert picture.attrib["role"] == "img"
        title, description = (all_of(picture, name)[0] for name in ("title", "desc"))
        assert picture.attrib["aria-labelledby"] == f"{title.attrib['id']} {description.attrib['id']}"
        assert len(text_of(title)) > 10
        assert len(text_of(description)) > 60
        assert all_of(picture, "text")
    told = text_of(all_of(pictures[0], "desc")[0])
    assert told == (
        "1,223 errors, of which 165 blocked a user. Most in one bar: 174 errors of 52 users, "
        "2026-11-20 14:29 to 2026-11-20 17:59."
    )
    ranks = text_of(all_of(pictures[-1], "desc")[0])
    assert "10.7%, 121 users, rank 1 to 3; " in ranks


def variables(style: str, where: str) -> dict[str, str]:
    block = style[style.index(where) :]
    return dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", block[: block.index("}")]))


def luminance(color: str) -> float:
    """Return the relative luminance of WCAG 2.2."""
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("where", [":root", "@media screen and (prefers-color-scheme: dark)"], ids=["light", "dark"])
def test_texts_and_pictures_stand_out_by_day_and_by_night(root: Element, where: str) -> None:
    ink = variables(all_of(root, "style")[0].text or "", where)
    for background in ("page", "box"):
        for text in ("ink", "soft", "accent", "bad"):
            assert contrast(ink[text], ink[background]) >= 4.5, (text, background)
    for mark in ("accent", "bad", "good", "calm", "pale", "open"):
        assert contrast(ink[mark], ink["page"]) >= 3, mark


def test_a_window_without_errors_says_so_and_names_the_newest_event(sample_db: Path, tmp_path: Path) -> None:
    root = parsed(report_of(sample_db, tmp_path / "r.html", "--now", "2020-01-01"))
    notes = [text_of(each) for each in all_of(root, "p") if each.get("class") == "note"]
    newest = "no rows; the newest event is of 2026-11-20T17:59:59.157000Z (--now latest looks from there)"
    assert notes == [newest] * len(ANALYSES)
    assert [text_of(each) for each in all_of(root, "p") if each.get("class") == "short"] == [
        "Nothing in this window."
    ] * 5
    assert (tables_of(root), all_of(root, "svg"), all_of(root, "dd")) == ([], [], [])


def test_a_store_without_events_says_so(tmp_path: Path) -> None:
    cases.empty_store(tmp_path / "s.duckdb")
    page = report_of(tmp_path / "s.duckdb", tmp_path / "r.html")
    assert page.count("no rows: the store has no events (errcli ingest FILE)") == len(ANALYSES)


@pytest.mark.slow
@pytest.mark.parametrize("since", ["90s", "5000d", "0001-01-01"])
def test_windows_of_any_length_can_be_drawn(tmp_path: Path, since: str) -> None:
    options = cases.empty_store(tmp_path / "s.duckdb")
    cases.load(options, some_events(seed=2))
    page = report_of(options.path, tmp_path / "r.html", "--now", NOW_OF_SOME.isoformat(), "--since", since)
    assert len(all_of(parsed(page), "svg")) >= 2


def test_one_event_can_be_drawn_and_its_secrets_are_not_on_the_page(cli: Cli, tmp_path: Path) -> None:
    bearer = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"
    fields = {
        "error_message": f"Refused: Bearer {bearer}",
        "user_message": f"token={bearer}",
        "page": f"/a?token={bearer}",
    }
    log = write_log(tmp_path / "log.jsonl", [event(**fields)])
    assert cli("ingest", log, "--db", tmp_path / "s.duckdb").code == 0
    page = report_of(tmp_path / "s.duckdb", tmp_path / "r.html", "--now", "latest")
    assert len(all_of(parsed(page), "svg")) >= 8
    assert "[redacted]" in page
    assert bearer not in page


def test_on_a_terminal_it_wants_a_file(sample_db: Path) -> None:
    answered = on_terminal(100, "report", "--db", str(sample_db), cwd=sample_db.parent)
    assert answered.code == 2
    assert answered.out == "errcli: usage: a report is a file, --output (errcli report -o report.html --since 7d)\n"


def test_it_goes_to_a_pipe_under_a_title_of_the_readers_own(cli: Cli, sample_db: Path) -> None:
    options = ("--now", "2020-01-01", "--title", "Week </title>\x1b[31m 47")
    answered = cli("report", "--db", sample_db, *options)
    assert (answered.code, answered.err) == (0, "")
    root = parsed(answered.out)
    assert all_of(root, "title")[0].text == "Week </title>\\x1b[31m 47"
    assert text_of(all_of(root, "h1")[0]) == "Week </title>\\x1b[31m 47"


def test_without_its_libraries_it_says_which_extra_brings_them(
    cli: Cli, sample_db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith("errcli.report")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    answered = cli("report", "-o", "r.html", "--db", sample_db)
    assert (answered.code, answered.out) == (2, "")
    assert answered.err == "errcli: missing-extra: vl_convert is not installed, report (pip install 'errcli[report]')\n"


def test_without_a_store_there_is_no_report(cli: Cli, tmp_path: Path) -> None:
    answered = cli("report", "-o", tmp_path / "r.html", "--db", tmp_path / "none.duckdb")
    assert answered.code == 2
    assert answered.err.startswith("errcli: no-store: ")
    assert not (tmp_path / "r.html").exists()


def test_a_report_that_cannot_be_written_is_a_failure_in_one_line(cli: Cli, sample_db: Path, tmp_path: Path) -> None:
    answered = cli("report", "-o", tmp_path, "--now", "2020-01-01", "--db", sample_db)
    assert answered == (1, "", f"errcli: output: Is a directory, {tmp_path} (give -o another file)\n")


def hostile_events(texts: list[str]) -> list[dict[str, Any]]:
    """Return three sessions of each text: an error that says nothing else, and one that follows it."""
    return [
        event(
            f"{text}{session}", f"2026-03-01T12:{minute:02}:00Z", session_id=text, error_type=text,
            error_code=f"{text}{minute}", error_message=text, user_message=text, page=text, action=text,
            recovery_attempted=True, recovery_method=text, severity="critical", user_blocked=True,
        )
        for text in texts for session in range(3) for minute in (1, 20)
    ]  # fmt: skip


HOSTILE = [
    "<script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</title></svg><img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><a href='javascript:alert(1)'>x</a></svg>",
    "\"'><details open ontoggle=alert(1)>",
    "]]><!--",
    "{{ 7 * 7 }}{% raw %}${7*7}",
    "&lt;b&gt;&#x3c;b&#x3e;",
    "\x1b]0;owned\x07\x1b[31mred",
    "\u202egpj.exe\u2066\u2069\u200f",
    "a\x00b\x7fc\x85d\u2028e",
    "\ufffe\uffff\ufdd0",
    "datum.x, url(http://evil.example/)",
    "var(--bad)",
]


@pytest.mark.slow
def test_hostile_texts_are_shown_and_not_obeyed(cli: Cli, tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.jsonl", hostile_events(HOSTILE))
    db = tmp_path / "s.duckdb"
    assert cli("ingest", log, "--no-redact", "--db", db).code == 0
    page = report_of(db, tmp_path / "r.html", "--now", "latest")
    root = parsed(page)
    assert {local(element) for element in root.iter()} <= ELEMENTS
    assert {name for element in root.iter() for name in element.attrib} <= ATTRIBUTES
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]", page)
    assert len(all_of(root, "svg")) == 2 * len(ANALYSES)
    for table in tables_of(root):
        answer = cli(*shlex.split(table.command)[1:], "-f", "json", "--db", db)
        assert answer.rows == table.rows, table.command
    drawn = " ".join(text_of(text) for picture in all_of(root, "svg") for text in all_of(picture, "text"))
    assert "<script>alert(1)</script>" in drawn
    assert "\\x1b]0;owned\\x07\\x1b[31mred" in drawn


def words(text: str) -> set[str]:
    return set(text.split())


ELEMENTS = words(
    "html head meta title style body a header h1 p dl div dt dd nav ol li main section h2 h3 figure svg desc g path"
    " text line rect details summary code table caption thead tbody tr th td ul footer"
)
ATTRIBUTES = words(
    "lang charset http-equiv content name class href id aria-label aria-labelledby role tabindex scope title data-value"
    " viewBox transform d x y x2 y2 width height text-anchor font-size font-weight stroke-width stroke-linecap"
    " fill-opacity stroke-opacity"
)
