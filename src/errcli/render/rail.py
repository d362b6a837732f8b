"""What runs beside the rows of a table: a rail for each episode, from its first row to its last, with its end."""

from collections.abc import Sequence

_ALONE, _FIRST, _BETWEEN, _LAST, _PASSING, _NO_LANE = "╶", "┌", "├", "└", "│", "·"
_MOST_LANES = 4


def rails(numbers: Sequence[int], endings: Sequence[str]) -> list[str]:
    """Return for each row the rails at its side, its number, and in the last row of a number how that ended.

    Numbers that are under way at the same time have a lane each, as long as there are lanes.
    """
    first = {number: row for row, number in reversed(list(enumerate(numbers)))}
    last = {number: row for row, number in enumerate(numbers)}
    lanes: list[int | None] = []
    drawn = []
    for row, number in enumerate(numbers):
        if first[number] == row:
            _give_lane(lanes, number)
        drawn.append(_row(lanes, number, is_first=first[number] == row, is_last=last[number] == row))
        if last[number] == row:
            lanes = [None if each == number else each for each in lanes]
    width = max(map(len, drawn), default=0)
    digits = max((len(str(number)) for number in numbers), default=0)
    return [
        f"{signs:<{width}} {number:>{digits}} {endings[row] if last[number] == row else ''}".rstrip(" ")
        for row, (signs, number) in enumerate(zip(drawn, numbers, strict=True))
    ]


def _give_lane(lanes: list[int | None], number: int) -> None:
    if None in lanes:
        lanes[lanes.index(None)] = number
    elif len(lanes) < _MOST_LANES:
        lanes.append(number)


def _row(lanes: Sequence[int | None], number: int, *, is_first: bool, is_last: bool) -> str:
    own = {(True, True): _ALONE, (True, False): _FIRST, (False, True): _LAST}.get((is_first, is_last), _BETWEEN)
    signs = "".join(" " if lane is None else own if lane == number else _PASSING for lane in lanes).rstrip(" ")
    return signs if number in lanes else f"{signs}{_NO_LANE}"
