"""Does the labelled corpus hold what a grouping is to be scored by?"""

from collections import Counter, defaultdict

import pytest
from bench.patterns_corpus import FAMILIES, TEMPLATES, corpus


@pytest.mark.parametrize(("count", "fewest"), [(300, 2), (600, 3)])
def test_every_template_is_seen_more_than_once(count: int, fewest: int) -> None:
    seen = Counter(each.label for each in corpus(count))
    assert (seen.total(), len(seen), min(seen.values())) == (count, 126, fewest)


def test_the_same_seed_gives_the_same_events_and_another_one_others() -> None:
    assert corpus(300) == corpus(300)
    assert corpus(300) != corpus(300, seed=2)


def test_the_events_of_a_label_have_one_type_and_code_and_no_message_has_two_labels() -> None:
    groups, labels = defaultdict(set), defaultdict(set)
    for label, event in corpus(6000):
        groups[label].add((event["error"]["type"], event["error"].get("code")))
        labels[event["error"]["message"]].add(label)
    assert {len(each) for each in groups.values()} == {len(each) for each in labels.values()} == {1}


def test_the_members_of_a_family_differ_in_nothing_but_their_message() -> None:
    groups = {label: (event["error"]["type"], event["error"].get("code")) for label, event in corpus(300)}
    assert len(FAMILIES) == 14
    assert all(len({groups[label] for label in members}) == 1 for members in FAMILIES.values())
    assert len(TEMPLATES) == 126
