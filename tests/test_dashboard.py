"""Does the dashboard show what the analyses answer, go where its keys lead, and decide what is confirmed?"""

import asyncio
import os
import shutil
from pathlib import Path

import pytest
from textual.widgets import Input

from errcli.dashboard.panel import Panel
from errcli.render.values import plain
from tests.dashboards import LARGE, SMALL, Player, play
from tests.support import event, process, write_log

pytestmark = pytest.mark.slow  # each key takes a tenth of a second

GOLDENS = Path(__file__).parent / "goldens"
PAYMENT = "df1aca821df531d38b68d68a8b170734d429c43d53417086883b04745a1476d2"
NOW = "2026-03-01T12:30:00Z"


def assert_golden(name: str, text: str) -> None:
    """Compare with a screen that was looked at; with UPDATE_GOLDENS set it is written anew."""
    golden = GOLDENS / name
    if "UPDATE_GOLDENS" in os.environ:
        golden.write_text(text, "utf-8")
    assert text == golden.read_text("utf-8")


@pytest.fixture
def own_db(sample_db: Path, tmp_path: Path) -> Path:
    """Return a copy of the sample's store, to be changed."""
    return Path(shutil.copy(sample_db, tmp_path / "errcli.duckdb"))


def panel(player: Player, name: str) -> Panel:
    return player.app.screen.query_one(f"#{name}", Panel)


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "200x60"])
def test_the_board_at_a_glance(sample_db: Path, size: tuple[int, int]) -> None:
    async def played(player: Player) -> None:
        assert_golden(f"dashboard-board-{size[0]}x{size[1]}.txt", player.text)

    play(sample_db, played, size=size)


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "200x60"])
def test_from_a_pattern_to_its_users_to_a_users_day_to_an_error_and_back(
    sample_db: Path, size: tuple[int, int]
) -> None:
    async def played(player: Player) -> None:
        for name, keys in (("pattern", ["enter"]), ("day", ["down", "enter"]), ("error", ["tab", "down", "enter"])):
            await player.press(*keys)
            assert_golden(f"dashboard-{name}-{size[0]}x{size[1]}.txt", player.text)
        for name in ("day", "pattern"):
            await player.press("escape")
            await player.shows({"day": "user u-1042", "pattern": "pattern df1aca82"}[name])
        await player.press("escape")
        await player.shows("1 Patterns: 9")
        await player.press("escape")
        assert "1 Patterns: 9" in player.text, "there is nothing behind the board"

    play(sample_db, played, size=size)


def test_what_is_shown_is_what_the_commands_answer(sample_db: Path) -> None:
    asked = {"patterns": ["--min-count", "1"], "struggling": [], "impact": ["--since", "1h"], "recent": []}

    async def played(player: Player) -> None:
        for name, options in asked.items():
            run = process(name, *options, "--now", "latest", "-f", "json", "--limit", "0", cwd=sample_db.parent)
            result = panel(player, name).result
            assert result is not None
            assert len(run.rows) > 0
            assert [plain(row) for row in result.named_rows] == run.rows

    play(sample_db, played)


def test_a_filter_leaves_the_rows_with_its_text_until_escape(sample_db: Path) -> None:
    async def played(player: Player) -> None:
        await player.press("slash", *"COUP", "enter")
        await player.shows("1 Patterns: 1 of 9 found")
        assert "/COUP" in player.text
        assert not player.app.screen.query_one("#filter", Input).display
        await player.press("escape")
        await player.shows("1 Patterns: 9")
        await player.press("enter", "slash", *"zz", "escape")
        await player.shows("Users: 3")
        assert not player.app.screen.query_one("#filter", Input).display
        await player.press("slash", "escape")
        await player.shows("Users: 3")
        assert player.app.focused is player.app.screen.query_one(Panel)

    play(sample_db, played)


def test_u_leads_to_the_user_of_any_row_that_has_one(sample_db: Path) -> None:
    async def played(player: Player) -> None:
        await player.press("u")
        await player.shows("no user at the cursor")
        await player.press("4", "u")
        await player.shows("user u-1042")

    play(sample_db, played)


@pytest.mark.parametrize(
    ("keys", "copied"),
    [
        ([], PAYMENT),
        (["2"], "u-1077"),
        (["3"], "8c7d13dd-6d68-4c23-9eb9-508a5411a422"),
        (["3", "enter"], "8c7d13dd-6d68-4c23-9eb9-508a5411a422"),
    ],
    ids=["pattern", "user", "event", "event on its screen"],
)
def test_c_copies_the_id_whole(sample_db: Path, keys: list[str], copied: str) -> None:
    async def played(player: Player) -> None:
        await player.press(*keys, "c")
        assert player.app.clipboard == copied

    play(sample_db, played)


def resolutions(store: Path) -> list[dict[str, object]]:
    """Return what was decided, by the engine's own means."""
    columns = "decision, coalesce(pattern_hash, CAST(event_id AS VARCHAR)) AS target, note, ignored_until"
    return process("query", f"SELECT {columns} FROM resolutions ORDER BY 1", "-f", "json", cwd=store.parent).rows


def test_a_pattern_is_resolved_once_that_is_confirmed_and_leaves_high_impact(own_db: Path) -> None:
    async def played(player: Player) -> None:
        await player.press("r")
        await player.shows("Resolve this pattern?")
        assert "Payment of <*> for <*> timed out at the gateway" in player.text
        await player.press(*"mended", "enter")
        await player.shows("resolved: 115 events")
        await player.shows("3 High impact: 20")
        await player.shows("resolved")

    play(own_db, played)
    (decided,) = resolutions(own_db)
    assert (decided["decision"], decided["target"], decided["note"]) == ("resolved", PAYMENT, "mended")


def test_one_event_is_resolved_from_its_own_screen(own_db: Path) -> None:
    async def played(player: Player) -> None:
        await player.press("3", "enter", "r", "enter")
        await player.shows("resolved: 1 event")

    play(own_db, played)
    (decided,) = resolutions(own_db)
    assert (decided["decision"], decided["target"]) == ("resolved", "8c7d13dd-6d68-4c23-9eb9-508a5411a422")


def test_a_pattern_is_ignored_for_a_while(own_db: Path) -> None:
    async def played(player: Player) -> None:
        await player.press("i")
        await player.shows("Until (7d, a date, forever):")
        await player.press("shift+tab", "end", "backspace", "backspace", *"2d", "enter")
        await player.shows("ignored: 115 events")
        await player.shows("1 Patterns: 8")

    play(own_db, played)
    (decided,) = resolutions(own_db)
    assert (decided["decision"], decided["target"]) == ("ignored", PAYMENT)
    assert str(decided["ignored_until"]).startswith("2026-11-22T17:59:59")


def test_escape_decides_nothing_and_a_wrong_time_is_told(own_db: Path) -> None:
    async def played(player: Player) -> None:
        await player.press("r", "escape")
        await player.press("i", "shift+tab", "end", *"x", "enter")
        await player.shows("'7dx' is not a time")
        await player.press("2", "r")
        await player.shows("nothing to resolve at the cursor")

    play(own_db, played)
    assert resolutions(own_db) == []


def test_the_cursor_stays_on_its_row_when_others_come_before_it(own_db: Path) -> None:
    async def played(player: Player) -> None:
        await player.press("4", "down")
        row = panel(player, "recent").row
        assert row is not None
        log = write_log(own_db.parent / "more.jsonl", [event("u-new", "2026-11-20T17:59:59.9Z", id="new")])
        done = await asyncio.to_thread(process, "ingest", str(log), cwd=own_db.parent)
        assert done.code == 0
        player.app.ask_again()
        await player.shows("u-new")
        assert panel(player, "recent").row == row
        assert panel(player, "recent").cursor_row == 2

    play(own_db, played)


def test_the_rows_that_are_seen_stay_when_others_are_read(own_db: Path) -> None:
    async def played(player: Player) -> None:
        recent = panel(player, "recent")
        await player.press("4", *["down"] * 12, "up")
        seen = recent.scroll_offset.y
        assert 0 < seen < recent.cursor_row - 1
        answered = recent.result
        player.app.ask_again()
        await player.until(lambda: recent.result is not answered)
        assert (recent.scroll_offset.y, recent.cursor_row) == (seen, 11)

    play(own_db, played)


HOSTILE = "[red]not markup[/red] \x1b[31mred\x1b[0m \x1b]0;title\x07 \u202eevil\u202c \r\n [bold"


def test_texts_from_the_log_can_neither_steer_the_terminal_nor_be_markup(tmp_path: Path) -> None:
    log = [
        event(f"u-{HOSTILE}", "2026-03-01T12:00:00Z", error_message=HOSTILE, page=HOSTILE, action=HOSTILE,
              error_code=HOSTILE, severity="high", session_id="s", id=f"e{n}")
        for n in range(6)
    ]  # fmt: skip
    write_log(tmp_path / "log.jsonl", log)
    assert process("ingest", "log.jsonl", cwd=tmp_path).code == 0

    async def played(player: Player) -> None:
        for keys in ([], ["r"], ["escape", "enter"], ["enter"], ["tab", "enter"], ["c"]):
            await player.press(*keys)
            text = player.text.replace("\n", "")
            assert "[red]not markup[/red] \\x1b[31mred" in text
            assert not any(ord(sign) < 32 or sign in "\x7f\x9b\u202e\u202c" for sign in text)

    play(tmp_path / "errcli.duckdb", played, size=LARGE, now=NOW)


@pytest.mark.parametrize("no_color", [True, False], ids=["without", "with"])
def test_colours_are_left_out_where_none_are_wanted(sample_db: Path, no_color: bool) -> None:
    async def played(player: Player) -> None:
        strips = player.app.screen._compositor.render_strips()
        styles = [segment.style for strip in strips for segment in strip if segment.style is not None]
        colours = {
            colour.name
            for style in styles
            for colour in (style.color, style.bgcolor)
            if colour is not None and not colour.is_default
        }
        assert bool(colours) is not no_color
        assert any(style.reverse for style in styles), "the cursor is seen without colours"

    play(sample_db, played, no_color=no_color)


def test_an_empty_window_says_where_the_newest_event_is(sample_db: Path) -> None:
    async def played(player: Player) -> None:
        assert "no rows; the newest event is of 2026-11-20T17:59:59" in player.text
        assert "4 Newest errors: none" in player.text
        await player.press("enter", "r", "i", "c", "u")
        assert "4 Newest errors: none" in player.text, "keys have nothing to act on"

    play(sample_db, played, now="2027-01-01T00:00:00Z", size=LARGE)
