"""What is on a page of the report: read by a strict parser of HTML, as elements, tables and rows."""

import json
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

import html5lib


class Table(NamedTuple):
    """A table with the command that its page names for it."""

    analysis: str
    command: str
    rows: list[dict[str, Any]]


def parsed(page: str) -> Element:
    """Return the document. Raises ParseError for anything that the standard calls an error."""
    root: Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    return root


def local(element: Element) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def all_of(root: Element, name: str) -> list[Element]:
    """Return the elements of a name, in the order of the page."""
    return [element for element in root.iter() if local(element) == name]


def text_of(element: Element) -> str:
    """Return all text in an element, white space as one blank."""
    return " ".join("".join(element.itertext()).split())


def tables_of(root: Element) -> list[Table]:
    """Return the tables of a page; a value is the cell's `data-value`, JSON, or else its text."""
    return [_table(details) for details in all_of(root, "details") if all_of(details, "table")]


def _table(details: Element) -> Table:
    (table,), code = all_of(details, "table"), all_of(details, "code")[0]
    names = [text_of(heading) for heading in all_of(table, "th")]
    rows = [[_value(cell) for cell in all_of(row, "td")] for row in all_of(table, "tr")[1:]]
    return Table(
        table.attrib["id"].removeprefix("table-"),
        "".join(code.itertext()),
        [dict(zip(names, row, strict=True)) for row in rows],
    )


def _value(cell: Element) -> Any:
    raw = cell.get("data-value")
    return cell.text if raw is None else json.loads(raw)
