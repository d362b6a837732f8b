"""Which messages belong to one template? Makes events of users' errors, each labelled with the template it came from.

The same count and seed give the same bytes. Another seed also makes other templates the frequent ones.
"""

import argparse
import json
import random
import re
import string
import sys
import uuid
from bisect import bisect
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

sys.path.insert(0, str(Path(__file__).parent.parent))  # run as a script, it still finds its neighbours

from bench.patterns_templates import FAMILY_TEMPLATES, FORMS, RANGES, SINGLES, Template

START = datetime(2026, 3, 2, tzinfo=UTC)
WEEK = timedelta(days=7)
USERS = 70

USER_MESSAGES = {
    "auth": "Please sign in again.",
    "conflict": "Somebody was faster. Please reload and try again.",
    "network": "We cannot reach the server.",
    "not_found": "We could not find what you asked for.",
    "payment": "Your payment was not completed.",
    "permission": "Ask your administrator for access.",
    "storage": "There is a problem with your file.",
    "timeout": "This takes longer than usual. Please try again.",
    "validation": "Please check what you entered.",
    "workflow": "The run has stopped.",
}
OTHER_USER_MESSAGE = "Something went wrong on our side."

EXTRA_INPUTS: dict[str, tuple[Any, ...]] = {
    "retryAttempt": (1, 2, 3),
    "locale": ("en-US", "de-DE", "fr-FR", "ja-JP"),
    "source": ("web", "mobile", "api"),
    "tab": ("orders", "files", "billing", "team"),
    "limit": (25, 50, 100),
    "dryRun": (False, True),
    "form": ({"step": 1, "dirty": True}, {"step": 2, "dirty": False}),
}
"""What the event has besides the values of its message."""

SEVERITIES = {"low": 5, "medium": 20, "high": 60, "critical": 90}
"""From the most frequent to the rarest, and how many percent of each block the user."""

_MEMBERS = re.compile("<(.+)>")

Json = dict[str, Any]
Scalar = str | int | float
Option = TypeVar("Option")


class Labelled(NamedTuple):
    """An event, and the label of the template that its message was made from."""

    label: str
    event: Json


def _members(family: Template) -> Iterator[Template]:
    """Yield the templates of a family: one for each of the words or numbers that tell them apart."""
    before, choices, after = _MEMBERS.split(family.message)
    for choice in choices.split("|"):
        label = f"{family.label}-{choice.lower().replace(' ', '-')}"
        yield family._replace(label=label, message=f"{before}{choice}{after}")


FAMILIES: dict[str, list[str]] = {
    family.label: [member.label for member in _members(family)] for family in FAMILY_TEMPLATES
}
"""Of each family the labels that must never share a group, though their messages differ in one word or number only."""

TEMPLATES = (*SINGLES, *(member for family in FAMILY_TEMPLATES for member in _members(family)))


class _Dice:
    """Draws made of Random.random() alone: the only sequence Python promises to keep across versions."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - the same numbers every time are what is wanted

    def share(self) -> float:
        return self._random.random()

    def below(self, limit: int) -> int:
        return int(self._random.random() * limit)

    def chance(self, percent: int) -> bool:
        return self.below(100) < percent

    def pick(self, options: Sequence[Option]) -> Option:
        return options[self.below(len(options))]

    def pick_early(self, options: Sequence[Option]) -> Option:
        """Pick the first options more often than the last ones."""
        return options[min(self.below(len(options)), self.below(len(options)))]

    def shuffled(self, options: Sequence[Option]) -> list[Option]:
        rest = list(options)
        return [rest.pop(self.below(len(rest))) for _ in options]


class _Values:
    """The values of one event by placeholder, each drawn when it is first asked for."""

    def __init__(self, dice: _Dice, given: dict[str, Scalar]) -> None:
        self._dice = dice
        self._drawn = given

    def fill(self, text: str) -> str:
        names = {name for _, name, _, _ in string.Formatter().parse(text) if name}
        return text.format(**{name: self.text(name) for name in sorted(names)})

    def text(self, name: str) -> str:
        value = self[name]
        return f"{value:.2f}" if isinstance(value, float) else str(value)

    def __getitem__(self, name: str) -> Scalar:
        kind = name.rstrip("2")
        if name not in self._drawn:
            first = self[kind] if name != kind else None
            while (value := _value(self._dice, kind)) == first:
                pass
            self._drawn[name] = value
        return self._drawn[name]


def _value(dice: _Dice, kind: str) -> Scalar:
    if kind == "price":
        return (199 + dice.below(130_000)) / 100
    if kind in RANGES:
        lowest, highest = RANGES[kind]
        return lowest + dice.below(highest - lowest + 1)
    form = dice.pick_early(FORMS[kind])
    spelled = re.sub("[#~]", lambda match: f"{dice.below(10 if match[0] == '#' else 16):x}", form)
    return _Values(dice, {}).fill(spelled)


def corpus(count: int, seed: int = 1) -> list[Labelled]:
    """Return so many labelled events in time order, spread over a week."""
    dice = _Dice(seed)
    sessions = list(_sessions(dice))
    moments = (START + WEEK * ((number + dice.share()) / count) for number in range(count))
    return [
        Labelled(template.label, _event(dice, template, moment, dice.pick_early(sessions)))
        for template, moment in zip(_drawn_templates(dice, count), moments, strict=True)
    ]


def _drawn_templates(dice: _Dice, count: int) -> list[Template]:
    """Draw templates by a Zipf law, but each at least two times, or three of 600 events, as far as the count allows."""
    ranked = dice.shuffled(TEMPLATES)
    least = min(3 if count >= 600 else 2, count // len(ranked))
    weights = list(accumulate(1 / rank for rank in range(1, len(ranked) + 1)))
    rest = count - least * len(ranked)
    drawn = [ranked[bisect(weights, dice.share() * weights[-1])] for _ in range(rest)]
    return dice.shuffled(ranked * least + drawn)


def _sessions(dice: _Dice) -> Iterator[tuple[Scalar, Scalar]]:
    """Yield users with their sessions, one to three of each."""
    for _ in range(USERS):
        user = _value(dice, "user")
        for _ in range(1 + dice.below(3)):
            yield user, _value(dice, "session")


def _event(dice: _Dice, template: Template, moment: datetime, session: tuple[Scalar, Scalar]) -> Json:
    user_id, session_id = session
    values = _Values(dice, {"userId": user_id, "sessionId": session_id})
    return {
        "id": str(uuid.UUID(bytes=bytes(dice.below(256) for _ in range(16)), version=4)),
        "userId": user_id,
        "sessionId": session_id,
        "timestamp": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "error": _error(template, values),
        "context": _context(dice, template, values),
        "impact": _impact(dice, template),
    }


def _error(template: Template, values: _Values) -> Json:
    code = {"code": template.code} if template.code else {}
    message = {"message": values.fill(template.message)}
    user_message = {"userMessage": USER_MESSAGES.get(template.kind, OTHER_USER_MESSAGE)}
    return {"type": template.kind, **code, **message, **user_message}


def _context(dice: _Dice, template: Template, values: _Values) -> Json:
    pages, action = template.place.split()
    context: Json = {"page": values.fill(dice.pick(pages.split("|"))), "action": action}
    extra = {key: dice.pick(EXTRA_INPUTS[key]) for key in dice.shuffled(tuple(EXTRA_INPUTS))[: dice.below(3)]}
    known = {path: values[name] for path, name in (field.split("=") for field in template.fields.split())}
    for key, kind in (("workflowId", "workflow"), ("agentId", "agent")):
        if key in known:
            context[key] = known.pop(key)
        elif dice.chance(5):
            context[key] = _value(dice, kind)
    return {**context, "inputData": _nested(known) | extra} if known or extra else context


def _nested(known: dict[str, Scalar]) -> Json:
    """Turn the paths of fields into objects inside objects."""
    inputs: Json = {}
    for path, value in known.items():
        *parents, key = path.split(".")
        inner = inputs
        for parent in parents:
            inner = inner.setdefault(parent, {})
        inner[key] = value
    return inputs


def _impact(dice: _Dice, template: Template) -> Json:
    severity = dice.pick_early(tuple(SEVERITIES))
    return {
        "severity": severity,
        "userBlocked": dice.chance(SEVERITIES[severity]),
        "workflowFailed": template.kind == "workflow",
        "dataLoss": template.kind == "storage" and dice.chance(5),
    }


def main() -> None:
    """Write the corpus to stdout, one event a line, with its label."""
    parser = argparse.ArgumentParser(description="Write labelled error events as JSON lines.")
    parser.add_argument("count", type=int, metavar="COUNT", help="how many events")
    parser.add_argument("--seed", type=int, default=1, help="another seed, another corpus (1)")
    asked = parser.parse_args()
    for label, event in corpus(asked.count, asked.seed):
        line = json.dumps({"label": label, **event}, ensure_ascii=False, separators=(",", ":"))
        sys.stdout.buffer.write(f"{line}\n".encode())


if __name__ == "__main__":
    main()
