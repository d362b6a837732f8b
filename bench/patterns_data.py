"""Which million messages is mining measured on? Varied ones of the corpus, and ones that share hardly a word."""

import json
import random
import re
import string
import uuid
from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TypeVar

import duckdb
from bench import data, patterns_corpus
from bench.patterns_corpus import TEMPLATES, Json, Labelled
from bench.patterns_score import systems

DIGITS = "0123456789"

Item = TypeVar("Item")

_SOURCES = [
    Path(__file__).with_name(f"{name}.py") for name in ("patterns_corpus", "patterns_templates", "patterns_data")
]
_VARIED_EVENTS, _VARIED_MESSAGES = 82, 90
"""How many percent vary, so that about 72% of the messages are distinct: events of the corpus, messages of systems."""

_REWORDED, _WORDS = 7, 400
"""How many percent of the systems' messages get a made-up word, and of how many: it makes some 50,000 shapes."""

_EVENTS_PER_BASE = 20
_VARIATIONS = 10_007
_WORST = (
    "Request {} of {} failed for {}",
    "The {} of {} was refused by {}",
    "{} cannot reach {} through {}",
    "No answer from {} to {} about {} in time",
)

_MESSAGES = """
    COPY (
        SELECT
            row_number() OVER () - 1 AS seq,
            error.type AS error_type, error.code AS error_code, error.message AS message,
            userId AS user_id, sessionId AS session_id, context.page AS page,
            context.workflowId AS workflow_id, context.agentId AS agent_id, context.inputData AS input_data
        FROM read_json($log, format = 'newline_delimited', columns = {
            userId: 'VARCHAR', sessionId: 'VARCHAR',
            error: 'STRUCT(type VARCHAR, code VARCHAR, message VARCHAR)',
            context: 'STRUCT(page VARCHAR, workflowId VARCHAR, agentId VARCHAR, inputData VARCHAR)'
        })
    ) TO $file (FORMAT parquet)
"""


@cache
def log(events: int, seed: int) -> Path:
    """Return a log of varied events of the corpus; it is made where it is not there yet."""
    return data.made(f"varied-{events}-{seed}-{data.hash_of(_SOURCES)}.jsonl", lambda path: _write(path, events, seed))


@cache
def messages(events: int, seed: int) -> Path:
    """Return the messages of that log with what their events say besides, as columns."""
    name = f"messages-{events}-{seed}-{data.hash_of(_SOURCES)}.parquet"
    return data.made(name, lambda path: _write_columns(path, log(events, seed)))


@cache
def of_systems(events: int, seed: int, folder: Path) -> Path:
    """Return varied messages of the systems of a folder, as columns; their events say nothing besides.

    Masks undo other digits, so that a million messages of which 72% are distinct would have some hundreds of shapes.
    So 7% also have one word behind the first exchanged for a made-up one, as names and words from elsewhere do it.
    """
    sources = data.hash_of([*_SOURCES, *sorted(folder.glob("*.csv"))])
    name = f"systems-{events}-{seed}-{sources}.parquet"
    return data.made(name, lambda path: _write_systems(path, events, seed, folder))


@cache
def worst(events: int, seed: int) -> Path:
    """Return messages of which no two are equal, nor become so by taking out what looks like a value."""
    name = f"worst-{events}-{seed}-{data.hash_of(_SOURCES)}.parquet"
    return data.made(name, lambda path: _write_worst(path, events, seed))


def varied(events: int, seed: int) -> Iterator[Json]:
    """Yield so many events in random order, about 72% of their messages distinct.

    The corpus alone repeats itself: of a million messages 23% are distinct. So 82% of the events are those of a small
    corpus with digits in their messages, taken in turn, each time with their digits exchanged: the same ones in the
    message and in the fields of the event, so that these go on saying which values are its own. No digit becomes a
    zero, which could not begin a number. The others stay as they are, among them those whose template has a digit of
    its own, such as a status.
    """
    dice = random.Random(seed)  # noqa: S311 - the same numbers every time are what is wanted
    base = patterns_corpus.corpus(max(events // _EVENTS_PER_BASE, len(TEMPLATES)), seed)
    changing = [each.event for each in base if _may_vary(each)]
    constant = [each.event for each in base if not _may_vary(each)]
    exchanges = [_exchange(dice) for _ in range(_VARIATIONS)]
    for turn, event, varies in _turns(dice, events, _VARIED_EVENTS, changing, constant):
        yield exchanged(event, exchanges[turn % _VARIATIONS]) if varies else event


def _turns(
    dice: random.Random, count: int, percent: int, changing: list[Item], constant: list[Item]
) -> Iterator[tuple[int, Item, bool]]:
    """Yield so many items in random order, each with its turn and whether it is to vary; percent of them do."""
    turns = list(range(count))
    dice.shuffle(turns)
    for turn in turns:
        varies = bool(changing) and (turn * 100 < count * percent or not constant)
        items = changing if varies else constant
        yield turn, items[turn % len(items)], varies


def exchanged(event: Json, exchange: dict[int, int]) -> Json:
    """Return an event with other digits wherever they stand."""
    text = json.dumps(event, ensure_ascii=False)
    other: Json = json.loads(text.translate(exchange))
    return other


def _may_vary(each: Labelled) -> bool:
    """Say whether a message has digits, all of them in values: those of a status are the template's own."""
    return each.label not in _with_own_digits() and not set(DIGITS).isdisjoint(each.event["error"]["message"])


@cache
def _with_own_digits() -> frozenset[str]:
    texts = ((template.label, re.sub("{.*?}", "", template.message)) for template in TEMPLATES)
    return frozenset(label for label, text in texts if not set(DIGITS).isdisjoint(text))


def _exchange(dice: random.Random) -> dict[int, int]:
    return str.maketrans(DIGITS[1:], "".join(dice.sample(DIGITS[1:], 9)))


def _write(path: Path, events: int, seed: int) -> None:
    data.say(f"writing a log of {events:,} varied events of the corpus")
    dice = random.Random(seed)  # noqa: S311 - the same numbers every time are what is wanted
    step = timedelta(days=30) / events
    with path.open("w", encoding="utf-8") as file:
        for number, event in enumerate(varied(events, seed), start=1):
            own = {
                "id": str(uuid.UUID(int=dice.getrandbits(128), version=4)),
                "timestamp": (data.END - step * (events - number)).isoformat(timespec="milliseconds"),
            }
            file.write(f"{json.dumps(event | own, ensure_ascii=False, separators=(',', ':'))}\n")


def _write_columns(path: Path, source: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        connection.execute(_MESSAGES, {"log": str(source), "file": str(path)})


def _write_systems(path: Path, events: int, seed: int, folder: Path) -> None:
    data.say(f"writing {events:,} varied messages of the systems in {folder}")
    base = [each.event["error"] for system in systems(folder) for each in system.labelled()]
    changing = [error for error in base if not set(DIGITS).isdisjoint(error["message"])]
    constant = [error for error in base if set(DIGITS).isdisjoint(error["message"])]
    dice = random.Random(seed)  # noqa: S311 - the same numbers every time are what is wanted
    words = [_word(dice) for _ in range(_WORDS)]

    def message(text: str, varies: bool) -> str:
        text = _with_other_digits(dice, text) if varies else text
        return _with_other_word(dice, text, words) if dice.random() * 100 < _REWORDED else text

    _write_errors(
        path,
        (
            error | {"message": message(error["message"], varies)}
            for _, error, varies in _turns(dice, events, _VARIED_MESSAGES, changing, constant)
        ),
    )


def _with_other_digits(dice: random.Random, text: str) -> str:
    return "".join(DIGITS[int(dice.random() * 10)] if letter in DIGITS else letter for letter in text)


def _with_other_word(dice: random.Random, text: str, words: list[str]) -> str:
    first, *others = text.split(" ")
    if others:
        others[int(dice.random() * len(others))] = words[int(dice.random() * len(words))]
    return " ".join([first, *others])


def _write_worst(path: Path, events: int, seed: int) -> None:
    data.say(f"writing {events:,} messages that share hardly a word")
    dice = random.Random(seed)  # noqa: S311 - the same numbers every time are what is wanted
    _write_errors(
        path,
        (
            {"type": "worst", "message": _WORST[number % len(_WORST)].format(*(_word(dice) for _ in range(3)))}
            for number in range(events)
        ),
    )


def _write_errors(path: Path, errors: Iterable[Json]) -> None:
    lines = path.with_suffix(".jsonl")
    with lines.open("w", encoding="utf-8") as file:
        file.writelines(f"{json.dumps({'userId': 'u', 'error': error, 'context': {}})}\n" for error in errors)
    _write_columns(path, lines)
    lines.unlink()


def _word(dice: random.Random) -> str:
    return "".join(dice.choices(string.ascii_lowercase, k=4 + int(dice.random() * 5)))
