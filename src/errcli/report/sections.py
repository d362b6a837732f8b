"""Which questions does the report ask, in which order, of which analyses, and how is each answer drawn?"""

from collections.abc import Callable
from typing import Any, NamedTuple

from errcli.analysis import Result
from errcli.report.charts import bars, cascade, timeline
from errcli.report.charts.chart import Chart


class Part(NamedTuple):
    """One analysis: its heading, what it is asked beside the window, what is drawn of it, how its answer is read."""

    heading: str
    analysis: str
    asked: dict[str, Any]
    draw: Callable[[Result], Chart]
    reading: str


class Section(NamedTuple):
    """One of the five questions, and the analyses that answer it."""

    id: str
    question: str
    parts: tuple[Part, ...]


SECTIONS = (
    Section(
        "breaking",
        "What is breaking for users?",
        (
            Part(
                "Errors and users over time",
                "timeline",
                {},
                timeline.draw,
                "A bar is one 48th of the window. Users are distinct within a bar, so bars do not add up to all users.",
            ),
            Part(
                "Patterns",
                "patterns",
                {"min_count": 1, "sort": "users"},
                bars.patterns,
                "A pattern is one fault: errors of one type and code whose messages differ in their values only (<*>). "
                "Bars are users; lines are errors in twelfths of the window, each with a scale of its own.",
            ),
        ),
    ),
    Section(
        "features",
        "Which features are the problem?",
        (
            Part(
                "Pages and actions",
                "features",
                {},
                bars.features,
                "Bars are users who ran into an error here, with the change of their share of all users with errors "
                "against the window before; or, with --exposure, with the 95% interval of their rate.",
            ),
        ),
    ),
    Section(
        "stuck",
        "When do users get stuck?",
        (
            Part(
                "How episodes end",
                "stuck",
                {"min_episodes": 1},
                bars.stuck,
                "An episode is one thing going wrong for one user. A dead end is the last of its session, with the "
                "user blocked or the severity high.",
            ),
            Part(
                "Which error leads to which",
                "cascades",
                {},
                cascade.draw,
                "What stands on the left is directly followed, in so many sessions, by what it leads to on the right. "
                "Pale is what may be chance (q from 0.05).",
            ),
        ),
    ),
    Section(
        "recovery",
        "How do users recover?",
        (
            Part(
                "Attempts by method",
                "recovery",
                {},
                bars.recovery,
                "A dot is the share of attempts that worked, the line its 95% interval: few attempts, long line.",
            ),
        ),
    ),
    Section(
        "fix-first",
        "What should be fixed first?",
        (
            Part(
                "Harm by pattern",
                "fix-first",
                {},
                bars.fix_first,
                "Harm is users times episodes without recovery times weight, plus credit for what follows. The line is "
                "the range of ranks in nine of ten draws of other users like these: ranges that overlap are a tie.",
            ),
        ),
    ),
)
