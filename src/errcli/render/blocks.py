"""How do lines of several blocks look: each block under its name, with the columns that it has?"""

from itertools import groupby

from rich.cells import cell_len

from errcli.analysis import Column, Result
from errcli.render import Screen
from errcli.render.cells import MISSING, Cell, sparkline
from errcli.render.layout import is_number, shortened

_GAP = "  "
_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"
_LONGEST_NAME = 24
_TIMELINE, _SUMMARY, _RECOVERY = "timeline", "pattern", "recovery"
_MOST_BARS = 48
_FOR_PROGRAMS = 9

Line = tuple[Cell, ...]


def shown(result: Result, grid: list[list[Cell]], screen: Screen) -> bytes:
    """Return the blocks; on a screen each line fits its width, elsewhere nothing is cut.

    The first column is the name of the block, the others are those of the lines.
    """
    out: list[str] = []
    pairs = zip(result.rows, grid, strict=True)
    for section, block in groupby(pairs, key=lambda pair: str(pair[0][0])):
        rows, cells = zip(*block, strict=True)
        heading = f"{_BOLD}{section}{_PLAIN}" if screen.colored else section
        body = _body(result.columns, section, list(rows), list(cells), screen.width)
        out += [heading, *(f"{_GAP}{line}".rstrip(" ") for line in body)]
    return "".join(f"{line}\n" for line in out).encode()


def _body(
    columns: tuple[Column, ...], section: str, rows: list[tuple[object, ...]], grid: list[list[Cell]], width: int | None
) -> list[str]:
    if section == _TIMELINE and width is not None:
        return _bars(columns, rows, grid)
    if section == _SUMMARY:
        return [_fact(columns, cells, width) for cells in grid]
    kept = [index for index in range(1, len(columns)) if any(row[index] is not None for row in rows)]
    if width is not None:
        kept = [index for index in kept if columns[index].rank < _FOR_PROGRAMS]
    texts = [
        ["" if cells[index].text == MISSING else _labelled(section, columns[index], cells[index]) for index in kept]
        for cells in grid
    ]
    table = [line for line in texts if not _is_alone(line)]
    widths = [max((cell_len(line[place]) for line in table), default=0) for place in range(len(kept))]
    _shrink(widths, [columns[index].name for index in kept], width)
    return [
        _alone(line[-1], columns[kept[-1]], width)
        if _is_alone(line)
        else _GAP.join(_fit(text, widths[place], columns[kept[place]]) for place, text in enumerate(line))
        for line in texts
    ]


def _is_alone(line: list[str]) -> bool:
    """Say whether a line has its last cell only, such as a command: it stands in no column."""
    return len(line) > 0 and not any(line[:-1])


def _alone(text: str, column: Column, width: int | None) -> str:
    return text if width is None or cell_len(text) <= width - len(_GAP) else _fit(text, width - len(_GAP), column)


def _fact(columns: tuple[Column, ...], cells: list[Cell], width: int | None) -> str:
    """Write a name and what there is to say of it, without regard to the other lines."""
    name, *others = (
        (column, cell) for column, cell in zip(columns[1:], cells[1:], strict=True) if cell.text != MISSING
    )
    text = f"{name[1].text:<11}{_GAP}{_GAP.join(_labelled(_SUMMARY, column, cell) for column, cell in others)}"
    return text if width is None else _fit(text, width - len(_GAP), columns[0]).rstrip(" ")


def _labelled(section: str, column: Column, cell: Cell) -> str:
    """Say what a number is: without a heading it would not be known."""
    if column.name in ("errors", "users"):
        return f"{cell.text} {column.name.removesuffix('s') if cell.text == '1' else column.name}"
    if section == _RECOVERY and column.name == "share":
        return f"{cell.text} worked"
    return f"{column.name} {cell.text}" if column.name in ("elsewhere", "score") else cell.text


def _shrink(widths: list[int], names: list[str], width: int | None) -> None:
    """Make names, then values, as narrow as the screen wants them."""
    if width is None:
        return
    for name, least in (("name", _LONGEST_NAME), ("value", 1)):
        if name in names:
            place = names.index(name)
            over = len(_GAP) * len(widths) + sum(widths) - width
            widths[place] = max(min(widths[place], least), widths[place] - max(over, 0))


def _fit(text: str, width: int, column: Column) -> str:
    if cell_len(text) > width:
        return shortened(text, width)
    padding = " " * (width - cell_len(text))
    return f"{padding}{text}" if is_number(column) else f"{text}{padding}"


def _bars(columns: tuple[Column, ...], rows: list[tuple[object, ...]], grid: list[list[Cell]]) -> list[str]:
    """Draw the newest hours or days as bars, with the first and the last of them and the highest."""
    names = [column.name for column in columns]
    errors = [int(str(row[names.index("errors")])) for row in rows][-_MOST_BARS:]
    times = [cells[names.index("timestamp")].text for cells in grid][-_MOST_BARS:]
    unit = grid[0][names.index("name")].text
    bars = sparkline(" ".join(map(str, errors)))
    return [f"{bars}{_GAP}errors per {unit} with any, at most {max(errors):,}", f"{times[0]} to {times[-1]}"]
