"""What is on the screen: the board with everything, a pattern's users, a user's day, one event."""

from datetime import UTC, datetime, timedelta
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll

from errcli import params
from errcli.dashboard.asking import AskingScreen
from errcli.dashboard.facts import Facts
from errcli.dashboard.panel import Panel
from errcli.dashboard.questions import Ask, Row
from errcli.dashboard.strip import TimeStrip
from errcli.render.values import iso

_MOST_ROWS = 200
_PANELS = ("patterns", "struggling", "impact", "recent")
_EVENT = (
    "timestamp", "user_id", "error_message", "severity", "page", "action", "error_code", "user_blocked", "resolved",
)  # fmt: skip
_OF_A_USER = tuple(name for name in _EVENT if name != "user_id")
_PATTERN = (
    ("pattern",), ("sample_message",), ("error_type", "error_code"), ("page", "action"), ("errors", "users"),
    ("blocked", "share"), ("first_seen", "last_seen"), ("trend", "state"),
)  # fmt: skip
_A_DAY = "1d"
_DIGITS = 8


class Board(AskingScreen):
    """Everything at a glance."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(str(number), f"panel('{name}')", show=False) for number, name in enumerate(_PANELS, 1)
    ]

    def compose(self) -> ComposeResult:
        """Yield the strip of time and the four panels."""
        yield from self.top()
        yield TimeStrip()
        yield Panel(
            "1 Patterns",
            Ask("patterns", {"min_count": 1}, _MOST_ROWS),
            ("pattern", "errors", "users", "blocked", "state", "trend", "last_seen", "page", "action"),
            key="pattern_hash",
            id="patterns",
        )
        with Horizontal(classes="pair"):
            yield Panel(
                "2 Struggling users",
                Ask("struggling", {}, _MOST_ROWS),
                ("user_id", "errors", "why", "last_seen", "blocked", "last_page", "last_action", "last_message"),
                key="user_id",
                id="struggling",
            )
            yield _events("3 High impact", Ask("impact", {}, _MOST_ROWS), _EVENT, "impact")
        yield _events("4 Newest errors", Ask("recent", {}, _MOST_ROWS), _EVENT, "recent")
        yield from self.bottom()

    def action_panel(self, name: str) -> None:
        """Go to one of the panels."""
        self.query_one(f"#{name}").focus()


class PatternScreen(AskingScreen):
    """One pattern, and the users whom it hits."""

    def __init__(self, row: Row) -> None:
        pattern = row["pattern_hash"]
        super().__init__(f"pattern {pattern[:_DIGITS]}", {"pattern_hash": pattern, "pattern": row.get("pattern")})

    def compose(self) -> ComposeResult:
        """Yield what is known of the pattern, and its users."""
        pattern = self.subject["pattern_hash"]
        yield from self.top()
        yield Facts(Ask("patterns", {"min_count": 1}), "pattern_hash", pattern, _PATTERN)
        yield Panel(
            "Users",
            Ask("affected", {"pattern": pattern}, _MOST_ROWS),
            ("user_id", "errors", "blocked", "last_seen", "first_seen", "last_page", "last_action"),
            key="user_id",
        )
        yield from self.bottom()


class DayScreen(AskingScreen):
    """What happened to one user: patterns on a strip of time, and the errors themselves."""

    def __init__(self, row: Row) -> None:
        super().__init__(f"user {row['user_id']}", {"user_id": row["user_id"]})

    def compose(self) -> ComposeResult:
        """Yield the user's patterns and errors, of a day or of the whole window where that is longer."""
        given = {"user_id": self.subject["user_id"], "since": _a_day_or(self.dashboard.setting.since)}
        yield from self.top()
        yield Panel(
            "Patterns",
            Ask("user-timeline", given),
            ("pattern", "strip", "errors", "outcome", "blocked", "last_seen", "page"),
            key="pattern_hash",
            id="strips",
        )
        yield _events("Errors", Ask("user", given, _MOST_ROWS), _OF_A_USER, "errors")
        yield from self.bottom()


class EventScreen(AskingScreen):
    """Everything about one error."""

    has_window = False

    def __init__(self, row: Row) -> None:
        super().__init__(f"error of {row['user_id']}", row)

    def compose(self) -> ComposeResult:
        """Yield all that is known of the error."""
        moment: datetime = self.subject["timestamp"]
        since = iso(moment - timedelta(microseconds=1))
        given = {"user_id": self.subject["user_id"], "since": since, "until": iso(moment)}
        yield from self.top()
        with VerticalScroll(classes="all"):
            yield Facts(Ask("user", given), "id", self.subject["id"])
        yield from self.bottom()


def _events(title: str, ask: Ask, shows: tuple[str, ...], name: str) -> Panel:
    return Panel(title, ask, shows, key="id", units={"timestamp": "clock"}, id=name)


def _a_day_or(since: str) -> str:
    """Return the start of a window, or that of a day where it is shorter."""
    now = datetime.now(UTC)
    return since if params.parse_time(since, now, "--since") < params.parse_time(_A_DAY, now, "--since") else _A_DAY
