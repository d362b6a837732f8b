"""Is a graph drawn as it is: every edge once, valid for whoever reads the format, whatever the texts hold?"""

import html
import re
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from errcli.analysis import Column, Graph, Result
from errcli.render import GraphFormat, Screen, render
from tests.rendered import HOSTILE, NOW, is_hostile, shown

COLUMNS = (
    Column("from_id", "text", "hash"),
    Column("from_text", "text"),
    Column("to_id", "text", "hash"),
    Column("to_text", "text"),
    Column("sessions", "integer"),
    Column("share", "number", "percent"),
    Column("opens", "number", "percent"),
)
GRAPH = Graph("from_id", "from_text", "to_id", "to_text", "sessions", "share", "opens")
PAY, CARD, LOGIN, CART, STOCK = "a1" * 32, "b2" * 32, "c3" * 32, "d4" * 32, "e5" * 32
TEXTS = {
    PAY: "Payment of <*> timed out",
    CARD: "Card for order <*> expired",
    LOGIN: "Sign-in of <*> timed out",
    CART: 'Coupon "<*>" is not known',
    STOCK: "<*> of <*> in stock",
}

Row = tuple[Any, ...]


def graph(*edges: tuple[str, str, int, float | None, float | None], texts: dict[str, str] = TEXTS) -> Result:
    """Return a result with an edge a row: source, target, sessions, share, how often the source opens."""
    rows: list[Row] = [(source, texts[source], target, texts[target], *rest) for source, target, *rest in edges]
    return Result(
        analysis="cascades",
        columns=COLUMNS,
        rows=rows,
        now=NOW,
        since=datetime(2026, 2, 28, 12, 30, tzinfo=UTC),
        until=NOW,
        total=len(rows) + 1,
        graph=GRAPH,
    )


STORY = graph(
    (PAY, CARD, 12, 60.0, 80.0),
    (CARD, LOGIN, 4, 33.333, 10.0),
    (CARD, PAY, 3, 25.0, 10.0),
    (CART, CARD, 1, 100.0, None),
    (LOGIN, STOCK, 0, None, None),
)


def text_of(result: Result, format_name: GraphFormat, width: int | None = None) -> str:
    return render(result, format_name, Screen(width)).decode()


# --- dot ---

TOKEN = re.compile(r'\s+|"(?P<text>(?:[^"\\\n]|\\[^\n])*)"|(?P<sign>->|[{}\[\];,=])|(?P<word>[a-z]+)')


def dot_statements(text: str) -> list[list[str]]:
    """Read DOT strictly: tokens that leave nothing out, one graph, its statements; texts keep their quotes."""
    tokens, place = [], 0
    while place < len(text):
        found = TOKEN.match(text, place)
        assert found, text[place : place + 40]
        tokens += [found[0]] if found[0].strip() else []
        place = found.end()
    assert tokens[0] == "digraph"
    assert (tokens[2], tokens[-1]) == ("{", "}")
    statements: list[list[str]] = [[]]
    for each in tokens[3:-1]:
        if each == ";":
            statements.append([])
        else:
            statements[-1].append(each)
    assert statements.pop() == []
    return statements


def attributes(tokens: list[str]) -> dict[str, str]:
    """Read `[name="text", name="text"]`."""
    assert (tokens[0], tokens[-1]) == ("[", "]")
    inner = [*tokens[1:-1], ","]
    assert len(inner) % 4 == 0
    assert all((inner[n + 1], inner[n + 3]) == ("=", ",") for n in range(0, len(inner), 4))
    return {inner[n]: inner[n + 2] for n in range(0, len(inner), 4)}


def seen_in_dot(quoted: str) -> str:
    r"""Return what a label shows, blanks aside: `\\` is a backslash, `\n` ends a line, entities are letters."""
    unescaped = re.sub(r"\\(.)", lambda found: {"n": " ", "\\": "\\", '"': '"'}[found[1]], quoted[1:-1])
    return "".join(html.unescape(unescaped).split())


DOT = """\
digraph "cascades" {
  graph [label="cascades: 2026-02-28 12:30:00 to 2026-03-01 12:30:00 UTC, 5 rows of 6", labelloc="t", rankdir="LR"];
  node [shape="box"];
  "a1a1a1a1" [label="Payment of <*> timed out"];
  "b2b2b2b2" [label="Card for order <*> expired"];
  "c3c3c3c3" [label="Sign-in of <*> timed out"];
  "d4d4d4d4" [label="Coupon \\"<*>\\" is not known"];
  "e5e5e5e5" [label="<*> of <*> in stock"];
  "a1a1a1a1" -> "b2b2b2b2" [label="12 sessions, 60.0%", penwidth="6.0", style="solid"];
  "b2b2b2b2" -> "c3c3c3c3" [label="4 sessions, 33.3%", penwidth="2.7", style="solid"];
  "b2b2b2b2" -> "a1a1a1a1" [label="3 sessions, 25.0%", penwidth="2.2", style="solid"];
  "d4d4d4d4" -> "b2b2b2b2" [label="1 session, 100.0%", penwidth="1.4", style="solid"];
  "c3c3c3c3" -> "e5e5e5e5" [label="0 sessions", penwidth="1.0", style="dashed"];
}
"""


def test_dot_has_boxes_and_arrows() -> None:
    assert text_of(STORY, "dot") == DOT


# --- mermaid ---

NODE = re.compile(r'    (p[0-9a-f]+)\["([^"]+)"\]')
EDGE = re.compile(r'    (p[0-9a-f]+) (-->|-\.->)\|"([^"]+)"\| (p[0-9a-f]+)')
LINK = re.compile(r"    linkStyle \d+ stroke-width:\d\.\dpx")
LABEL = re.compile(r"(?:[^\W_]|[ ,]|#(?:\d+|quot|lt|gt|amp);)+")


def seen_in_mermaid(label: str) -> str:
    """Return what a label shows, blanks aside: `#quot;` and `#39;` are letters, and nothing else is special."""
    assert LABEL.fullmatch(label), label
    return "".join(re.sub(r"#(\d+|[a-z]+);", letter_of_mermaid, label).split())


def letter_of_mermaid(reference: re.Match[str]) -> str:
    """Return the letter that a reference means; Python's `html` has none for U+FDD0, which browsers show."""
    name = reference[1]
    return chr(int(name)) if name.isdigit() else html.unescape(f"&{name};")


MERMAID = """\
---
title: "cascades: 2026-02-28 12:30:00 to 2026-03-01 12:30:00 UTC, 5 rows of 6"
---
flowchart LR
    pa1a1a1a1["Payment of #lt;#42;#gt; timed out"]
    pb2b2b2b2["Card for order #lt;#42;#gt; expired"]
    pc3c3c3c3["Sign#45;in of #lt;#42;#gt; timed out"]
    pd4d4d4d4["Coupon #quot;#lt;#42;#gt;#quot; is not known"]
    pe5e5e5e5["#lt;#42;#gt; of #lt;#42;#gt; in stock"]
    pa1a1a1a1 -->|"12 sessions, 60#46;0#37;"| pb2b2b2b2
    pb2b2b2b2 -->|"4 sessions, 33#46;3#37;"| pc3c3c3c3
    pb2b2b2b2 -->|"3 sessions, 25#46;0#37;"| pa1a1a1a1
    pd4d4d4d4 -->|"1 session, 100#46;0#37;"| pb2b2b2b2
    pc3c3c3c3 -.->|"0 sessions"| pe5e5e5e5
    linkStyle 0 stroke-width:6.0px
    linkStyle 1 stroke-width:2.7px
    linkStyle 2 stroke-width:2.2px
    linkStyle 3 stroke-width:1.4px
    linkStyle 4 stroke-width:1.0px
"""


def test_mermaid_has_boxes_and_arrows() -> None:
    assert text_of(STORY, "mermaid") == MERMAID


# --- whatever the texts hold ---

ODD = "\x00\x07\n\r\t\x1b\x7f\x85\x9b\u202e\u2066\u2028\u200f'\"\\,|=+-@<>&[](){}`*_~#;:%/. 1én世🦆ﬂ°¶ß"
texts = st.one_of(
    st.text(st.one_of(st.sampled_from(ODD), st.characters(codec="utf-8")), max_size=60),
    st.sampled_from([
        HOSTILE, "\\", "\\N", '\\"', "a\\", '"', "end", "&amp;", "#quot;", "style x:<*>;", "1. a", "- a", "# a", "`a`",
        "fa:fa-bell", "http://e.example/?a=b&c", "%% a", '"]; a -> b; b ["', "subgraph x", "click a call b()",
    ]),
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(texts, texts)
@example("", "\ufdd0")
def test_any_text_is_a_label_and_nothing_else(first: str, second: str) -> None:
    result = graph((PAY, CARD, 2, 50.0, 50.0), texts={PAY: first, CARD: second})
    wanted = ["".join(shown(text).split()) or "-" for text in (first, second)]
    _, _, *statements = dot_statements(text_of(result, "dot"))
    assert [tokens[:1] for tokens in statements[:2]] == [['"a1a1a1a1"'], ['"b2b2b2b2"']]
    assert [seen_in_dot(attributes(tokens[1:])["label"]) for tokens in statements[:2]] == wanted
    assert [tokens[:3] for tokens in statements[2:]] == [['"a1a1a1a1"', "->", '"b2b2b2b2"']]
    *nodes, edge, link = text_of(result, "mermaid").split("\n")[4:-1]
    assert [seen_in_mermaid(found[2]) for found in map(NODE.fullmatch, nodes) if found] == wanted
    assert EDGE.fullmatch(edge)
    assert LINK.fullmatch(link)
    for format_name in ("dot", "mermaid", "tree"):
        assert {letter for letter in text_of(result, format_name) if is_hostile(letter)} == {"\n"}


@pytest.mark.parametrize("format_name", ["dot", "mermaid", "tree"])
def test_a_graph_without_rows_is_a_graph(format_name: GraphFormat) -> None:
    title = "cascades: 2026-02-28 12:30:00 to 2026-03-01 12:30:00 UTC, 0 rows of 1"
    text = text_of(graph(), format_name)
    assert title in text
    if format_name == "dot":
        assert len(dot_statements(text)) == 2


def test_ids_that_begin_alike_are_told_apart() -> None:
    first, second = "a" * 64, "a" * 20 + "b" * 44
    text = text_of(graph((first, second, 1, 1.0, 1.0), texts={first: "x", second: "y"}), "dot")
    assert f'"{"a" * 24}" -> "{second[:24]}"' in text


def test_what_is_no_graph_is_not_drawn() -> None:
    with pytest.raises(ValueError, match="cascades is no graph"):
        text_of(msgspec.structs.replace(STORY, graph=None), "tree")


# --- tree ---


TREE = """\
cascades: 2026-02-28 12:30:00 to 2026-03-01 12:30:00 UTC, 5 rows of 6
a1a1a1a1  Payment of <*> timed out  opens 80.0% of its sessions
└─  60.0%  12 sessions  b2b2b2b2  Card for order <*> expired
   ├─  33.3%   4 sessions  c3c3c3c3  Sign-in of <*> timed out
   │  └─      -   0 sessions  e5e5e5e5  <*> of <*> in stock
   └─  25.0%   3 sessions  a1a1a1a1  ↺ Payment of <*> timed out
d4d4d4d4  Coupon "<*>" is not known
└─ 100.0%    1 session  b2b2b2b2  ↕ Card for order <*> expired
↺ stands above it on its branch, ↕ goes on at another place
"""


def test_a_tree_begins_with_what_opens_and_draws_a_loop_once() -> None:
    assert text_of(STORY, "tree", 80) == TREE


def test_a_ring_is_opened_where_most_begins() -> None:
    ring = graph((PAY, CARD, 5, 50.0, 10.0), (CARD, LOGIN, 5, 50.0, 90.0), (LOGIN, PAY, 5, 50.0, 20.0))
    assert text_of(ring, "tree").splitlines()[1:] == [
        "b2b2b2b2  Card for order <*> expired  opens 90.0% of its sessions",
        "└─  50.0%  5 sessions  c3c3c3c3  Sign-in of <*> timed out",
        "   └─  50.0%  5 sessions  a1a1a1a1  Payment of <*> timed out",
        "      └─  50.0%  5 sessions  b2b2b2b2  ↺ Card for order <*> expired",
        "↺ stands above it on its branch",
    ]


def test_a_text_is_cut_on_a_terminal_only() -> None:
    long = graph((PAY, CARD, 5, 50.0, 10.0), texts={PAY: "世界" * 60, CARD: "w" * 300})
    root, edge = text_of(long, "tree", 60).splitlines()[1:]
    assert root == f"a1a1a1a1  {'世界' * 5}…  opens 10.0% of its sessions"
    assert edge == f"└─  50.0%  5 sessions  b2b2b2b2  {'w' * 26}…"
    assert "w" * 300 in text_of(long, "tree")


NODES = [f"{number:02x}" * 32 for number in range(7)]
edges = st.lists(
    st.tuples(
        st.sampled_from(NODES),
        st.sampled_from(NODES),
        st.integers(0, 3),
        st.none() | st.sampled_from([10.0, 50.0]),
        st.none() | st.sampled_from([0.0, 70.0]),
    ),
    max_size=20,
    unique_by=lambda edge: edge[:2],
)


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(edges, st.randoms(use_true_random=False))
def test_every_edge_is_drawn_once_and_the_order_of_rows_does_not_matter(
    drawn: list[tuple[str, str, int, float | None, float | None]], chance: Any
) -> None:
    # what opens is a property of a pattern
    opening = {source: opens for source, _, _, _, opens in drawn}
    drawn = [(source, target, weight, share, opening[source]) for source, target, weight, share, _ in drawn]
    names = dict.fromkeys(NODES, "text")
    text = text_of(graph(*drawn, texts=names), "tree")
    lines = [line for line in text.splitlines()[1:] if not line.startswith(("↺", "↕"))]
    stack: list[str] = []
    found = []
    for line in lines:
        branch = re.fullmatch(r"((?:│  |   )*)[├└]─ .{6}  +\d sessions?  (\w{8})  (?:[↺↕] )?text", line)
        depth, name = (0, line[:8]) if branch is None else (len(branch[1]) // 3 + 1, branch[2])
        del stack[depth:]
        if branch is not None:
            found.append((stack[-1], name))
        stack.append(name)
    assert sorted(found) == sorted((source[:8], target[:8]) for source, target, *_ in drawn)
    assert text_of(graph(*chance.sample(drawn, len(drawn)), texts=names), "tree") == text
    for width in (20, 40, 80):
        cut = text_of(graph(*drawn, texts=names), "tree", width).splitlines()[1:]
        assert max(map(cell_len, cut), default=0) <= width


# --- under a table ---


def test_a_chain_may_be_longer_than_functions_may_call_themselves() -> None:
    nodes = [f"{number:064x}" for number in range(1_200)]
    texts = {node: f"Step {number}" for number, node in enumerate(nodes)}
    lines = text_of(graph(*((*pair, 1, None, None) for pair in pairwise(nodes)), texts=texts), "tree").splitlines()
    assert len(lines) == 1 + len(nodes)
    assert lines[-1].endswith("Step 1199")


def test_a_small_tree_follows_the_table_on_a_terminal_only() -> None:
    pipe = render(STORY, "table", Screen()).decode()
    assert "└" not in pipe
    table, _, tree = render(STORY, "table", Screen(80)).decode().partition("\n\n")
    assert table.splitlines()[0].startswith("cascades: ")
    assert tree.splitlines() == text_of(STORY, "tree", 80).splitlines()[1:]
    colored = render(STORY, "table", Screen(80, colored=True)).decode()
    assert colored.endswith(tree)


def test_a_small_tree_has_the_first_rows_and_says_what_it_leaves_out() -> None:
    many = graph(*((NODES[0], NODES[each % 6 + 1], 20 - each, 5.0, 50.0) for each in range(6)),
                 *((node, NODES[-1 - place], 2, 5.0, 5.0) for place, node in enumerate(NODES[1:])),
                 texts=dict.fromkeys(NODES, "text"))  # fmt: skip
    tree = render(many, "table", Screen(80)).decode().partition("\n\n")[2].splitlines()
    assert len(tree) <= 12
    assert tree[-1] == "drawn are 9 of these 12 rows; -f tree draws all of them"
    assert render(graph(), "table", Screen(80)).decode().count("\n") == 1
