"""What do answers look like whose rows are things of one kind: patterns, features, places, methods, harm?"""

from collections.abc import Callable, Iterator

from errcli.analysis import Result
from errcli.report.charts.chart import (
    MOST,
    NARROW,
    SURE,
    WIDE,
    Chart,
    Row,
    Spec,
    counted,
    ink,
    text_of,
    told,
    writer,
)
from errcli.report.charts.strips import BAR_BOTTOM, BAR_TOP, GAP, HEAD, Of, Strips

_ASIDE = 0.68
"""Where what stands beside the bars begins, of the whole width."""

_LETTER = 6.8
"""Width of a small letter, generously."""

OUTCOMES = (
    ("recovered", "good"), ("moved_on", "calm"), ("quiet", "pale"), ("open", "open"), ("dead_end", "bad"),
)  # fmt: skip
"""How an episode ends, from best to worst, and its colour."""


def patterns(result: Result) -> Chart:
    """Draw users of each pattern, and its errors over the window."""
    write = writer(result)

    def value(row: Row) -> str:
        return f"{counted(row['users'], 'users')}, {row['state']}"

    def layers(strips: Strips) -> Iterator[Spec]:
        aside = strips.width * _ASIDE
        length = strips.proportional("users", aside - 135)
        yield strips.labels(lambda row: row["pattern"], strips.width)
        yield strips.bars(_start, length, "accent")
        yield strips.values(length, value)
        yield from _sparklines(strips, aside)

    return _chart(
        result,
        "Users who ran into each pattern, and its errors over the window",
        lambda row: f"{text_of(row['pattern'])}: {value(row)}, {write(row, 'share')} of all errors",
        layers,
    )


def features(result: Result) -> Chart:
    """Draw users of each page and action, and how that has changed."""
    write = writer(result)

    def value(row: Row) -> str:
        how = _change(row, write) if row["rate"] is None else f"{_interval(row, write)} of user-days"
        return f"{counted(row['users'], 'users')}, {how}"

    def layers(strips: Strips) -> Iterator[Spec]:
        length = strips.proportional("users", strips.width - 235)
        yield strips.labels(_place, strips.width)
        yield strips.bars(_start, length, "accent")
        yield strips.values(length, value)

    return _chart(
        result,
        "Users who ran into an error on each page and action",
        lambda row: f"{text_of(_place(row))}: {value(row)}",
        layers,
    )


def stuck(result: Result) -> Chart:
    """Draw how episodes end at each place, all of them as one bar."""
    write = writer(result)

    def value(row: Row) -> str:
        return f"{counted(row['stuck'], 'users')} stuck of {row['users']:,}"

    def layers(strips: Strips) -> Iterator[Spec]:
        yield strips.labels(lambda row: row["place"], strips.width - 130)
        yield strips.remarks(value)
        yield from _outcomes(strips)

    return _chart(
        result,
        "How episodes end at each page and action",
        lambda row: f"{text_of(row['place'])}: {value(row)}, {write(row, 'dead_end')} of episodes in a dead end",
        layers,
        head=HEAD,
    )


def recovery(result: Result) -> Chart:
    """Draw how often each method works against each pattern, and how sure that is."""
    write = writer(result)

    def value(row: Row) -> str:
        return f"{write(row, 'rate')} of {row['attempts']:,}"

    def layers(strips: Strips) -> Iterator[Spec]:
        def x(percent: float) -> float:
            return GAP + (strips.width - 2 * GAP) * percent / 100

        yield from strips.scale([*((x(each), f"{each}%") for each in (0, 25, 50, 75)), (strips.width, "100%")])
        yield strips.labels(_attempt, strips.width - 90)
        yield strips.remarks(value)
        yield from strips.ranges(
            lambda row: x(row["rate_low"]), lambda row: x(row["rate_high"]), lambda row: x(row["rate"])
        )

    def tell(row: Row) -> str:
        return f"{text_of(_attempt(row))}: {value(row)} attempts, 95% interval {_interval(row, write)}"

    return _chart(result, "Attempts to recover that worked, by method and pattern", tell, layers, head=HEAD)


def fix_first(result: Result) -> Chart:
    """Draw the harm of each pattern, and which ranks it may have."""
    write = writer(result)

    def value(row: Row) -> str:
        return f"{write(row, 'share')}, {counted(row['users'], 'users')}"

    def layers(strips: Strips) -> Iterator[Spec]:
        aside, last = strips.width * _ASIDE, max(int(row["rank_high"]) for row in strips.rows)
        length = strips.proportional("share", aside - 125)

        def x(rank: float) -> float:
            return aside + GAP + (strips.width - aside - 2 * GAP) * (rank - 1) / max(last - 1, 1)

        yield from strips.scale([(x(1), "rank 1"), (strips.width, f"{last:,}")])
        yield strips.canvas.small_words([{"x": 0, "y": HEAD - GAP, "text": "share of all harm"}])
        yield strips.labels(lambda row: f"{row['rank']:,}. {row['pattern']}", strips.width)
        yield strips.bars(_start, length, "bad")
        yield strips.values(length, value)
        yield from strips.ranges(
            lambda row: x(row["rank_low"]), lambda row: x(row["rank_high"]), lambda row: x(row["rank"])
        )

    def tell(row: Row) -> str:
        ranks = f"rank {row['rank_low']:,} to {row['rank_high']:,}"
        return f"{row['rank']:,}. {text_of(row['pattern'])}: {value(row)}, {ranks}"

    return _chart(result, "Share of all harm of each pattern, and the range of its rank", tell, layers, head=HEAD)


def _chart(
    result: Result,
    title: str,
    tell: Callable[[Row], str],
    layers: Callable[[Strips], Iterator[Spec]],
    head: float = 0,
) -> Chart:
    """Return a chart of the first rows, in both widths."""
    drawn = (Strips.of(result.named_rows[:MOST], width, head) for width in (WIDE, NARROW))
    return Chart(title, told(result, tell), *(strips.canvas.spec(layers(strips)) for strips in drawn))


def _start(_: Row) -> float:
    return 0


def _place(row: Row) -> str:
    return f"{row['page'] or '-'} {row['action'] or '-'}"


def _attempt(row: Row) -> str:
    return f"{row['method'] or 'no method'}: {row['pattern']}"


def _interval(row: Row, write: Callable[[Row, str], str]) -> str:
    return f"{write(row, 'rate_low')} to {write(row, 'rate_high')}"


def _change(row: Row, write: Callable[[Row, str], str]) -> str:
    """Say how much more of the users a place has than before, and whether chance may have done it."""
    if row["users_before"] == 0:
        return "none before"
    if row["change"] is None:
        return "no window before"
    sign = "+" if row["change"] >= 0 else ""
    sure = "" if row["q"] is not None and row["q"] < SURE else " (may be chance)"
    return f"{sign}{write(row, 'change')}{sure}"


def _sparklines(strips: Strips, begins: float) -> Iterator[Spec]:
    """Yield the trend of each row as a line over its own base."""
    lines: list[Spec] = []
    bases = [{"x": begins, "x2": strips.width, "y": top + BAR_BOTTOM} for top, _ in strips.tops()]
    for number, (top, row) in enumerate(strips.tops()):
        counts = [int(count) for count in row["trend"].split()]
        step, height = (strips.width - begins) / (len(counts) - 1), (BAR_BOTTOM - BAR_TOP + 2) / (max(counts) or 1)
        lines += [
            {"row": number, "x": begins + step * place, "y": top + BAR_BOTTOM - height * count}
            for place, count in enumerate(counts)
        ]
    areas = [point | {"y2": bases[point["row"]]["y"]} for point in lines]
    by_row = {"detail": {"field": "row", "type": "nominal"}}
    yield strips.canvas.marks("rule", bases, color=ink("grid"))
    yield strips.canvas.marks("area", areas, by_row, color=ink("accent"), fillOpacity=0.2)
    yield strips.canvas.marks("line", lines, by_row, color=ink("accent"), strokeWidth=1.5)


def _outcomes(strips: Strips) -> Iterator[Spec]:
    """Yield a bar of all outcomes for each row, and in the head a square and a word for each outcome."""
    names, key, x = [name for name, _ in OUTCOMES], [], 0.0
    for place, (name, color) in enumerate(OUTCOMES):
        yield strips.bars(_up_to(names[:place], strips.width), _up_to(names[: place + 1], strips.width - 1), color)
        yield strips.canvas.marks("rect", [{"x": x, "x2": x + 8, "y": 4, "y2": 12}], color=ink(color))
        text = name.replace("_", " ")
        key.append({"x": x + 11, "y": 12, "text": text})
        x += 11 + len(text) * _LETTER + GAP
    yield strips.canvas.small_words(key)


def _up_to(names: list[str], width: float) -> Of:
    """Return how far a bar is when it has the shares, in percent, of these columns."""
    return lambda row: width * float(sum(row[name] for name in names)) / 100
