"""Does each record come in one portion, in order, and does none hold more than may be in memory at once?"""

from hypothesis import example, given
from hypothesis import strategies as st

from errcli.ingest.portions import portions

MIB = 1 << 20


@given(st.lists(st.integers(0, 20 * MIB), max_size=60))
@example([1] * 25_000)
@example([9 * MIB, 1, 8 * MIB])
def test_portions_are_all_records_in_order_and_as_large_as_may_be(sizes: list[int]) -> None:
    found = list(portions(enumerate(sizes), lambda record: record[1]))
    assert [record for portion in found for record in portion] == list(enumerate(sizes))
    held = [(len(portion), sum(size for _, size in portion)) for portion in found]
    assert all(count == 1 or (1 < count <= 10_000 and size <= 8 * MIB) for count, size in held)
    firsts_of_next = [portion[0][1] for portion in found[1:]]
    for (count, size), following in zip(held, firsts_of_next, strict=False):
        assert count == 10_000 or size + following > 8 * MIB
