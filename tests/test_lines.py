"""Is a stream cut into stretches of whole lines, none of them lost, and none too much at a time?"""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errcli.ingest import lines

SIZES = st.lists(st.sampled_from([0, 1, 3, 40, 90, 200, 700]) | st.integers(0, 30), max_size=60)


def cut(text: bytes, **limits: int) -> list[tuple[int, bytes, list[int]]]:
    """Return the first line's number, the text and the sizes of the lines of each stretch, with other limits."""
    with pytest.MonkeyPatch.context() as patch:
        for name, limit in limits.items():
            patch.setattr(lines, f"_{name}", limit)
        return [
            (each.first, bytes(each.text), [each.size(place) for place in range(len(each))])
            for each in lines.stretches(io.BytesIO(text))
        ]


@settings(max_examples=300, deadline=None)
@given(SIZES, st.booleans(), st.integers(1, 4), st.integers(1, 400), st.integers(1, 600), st.integers(800, 3_000))
def test_stretches_are_the_lines_one_after_the_other(
    sizes: list[int], torn: bool, looked_at: int, long_bytes: int, most_long: int, wanted: int
) -> None:
    each = [b"x" * size + b"\n" for size in sizes] + ([b"torn"] if torn else [])
    found = cut(
        b"".join(each),
        LOOKED_AT=looked_at, LONG_BYTES=long_bytes, MOST_LONG_BYTES=most_long, MOST_LINES=17, VECTOR=4,
        FIRST_BYTES=wanted, MOST_BYTES=4 * wanted,
    )  # fmt: skip
    assert b"".join(text for _, text, _ in found) == b"".join(each)
    assert [size for _, _, its in found for size in its] == [len(line) for line in each]
    assert [first for first, _, _ in found] == [1 + sum(len(its) for _, _, its in found[:n]) for n in range(len(found))]
    assert all(its for _, _, its in found)


def test_a_stretch_of_short_lines_is_whole_and_one_of_long_lines_ends_sooner() -> None:
    limits = {"LOOKED_AT": 4, "LONG_BYTES": 400, "MOST_LONG_BYTES": 1_000, "VECTOR": 4}
    assert [len(its) for _, _, its in cut((b"x" * 99 + b"\n") * 40, **limits)] == [40]
    assert [len(its) for _, _, its in cut((b"x" * 199 + b"\n") * 12, **limits)] == [4, 4, 4]
    assert [len(its) for _, _, its in cut(b"\n" * 8 + (b"x" * 1_999 + b"\n") * 3, **limits)] == [8, 1, 1, 1]


def test_each_stretch_but_the_last_has_as_many_lines_as_fill_row_groups() -> None:
    limits = {"FIRST_BYTES": 1_000, "MOST_BYTES": 2_500, "MOST_LINES": 100, "VECTOR": 4}
    assert [len(its) for _, _, its in cut((b"x" * 99 + b"\n") * 65, **limits)] == [8, 24, 24, 9]
    assert [len(its) for _, _, its in cut((b"x" * 299 + b"\n") * 6, **limits)] == [3, 3]
