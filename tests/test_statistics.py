"""Are intervals, tests and corrections those of scipy?"""

import math
import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from errcli import statistics

scipy = pytest.importorskip("scipy.stats")

counts = st.integers(0, 60)
parameters = st.floats(-0.3, 6).map(lambda power: 10**power)
durations = st.floats(1e-6, 1e9)
tails = st.floats(-12, -0.31).map(lambda power: 10**power)


def close(value: float) -> object:
    return pytest.approx(value, rel=1e-9, abs=1e-12)


def near(value: float) -> object:
    return pytest.approx(value, rel=1e-9, abs=0)


@given(st.integers(1, 5000).flatmap(lambda trials: st.tuples(st.integers(0, trials), st.just(trials))))
@example((0, 1))
@example((7, 7))
def test_wilsons_interval(pair: tuple[int, int]) -> None:
    low, high = scipy.binomtest(*pair).proportion_ci(0.95, method="wilson")
    assert statistics.wilson(*pair) == (close(low), close(high))


def test_without_trials_every_rate_is_possible() -> None:
    assert statistics.wilson(0, 0) == (0.0, 1.0)


@given(counts, counts, counts, counts)
def test_fishers_exact_test(both: int, only_first: int, only_second: int, neither: int) -> None:
    table = [[both, only_first], [only_second, neither]]
    found = statistics.fisher_greater(both, both + only_first, both + only_second, sum(map(sum, table)))
    assert found == close(scipy.fisher_exact(table, alternative="greater").pvalue)


@given(st.integers(1, 400), st.integers(1, 400), st.data())
def test_two_proportions_as_the_chi_square_test_without_correction_has_them(
    first: int, second: int, data: st.DataObject
) -> None:
    hits = data.draw(st.integers(0, first)), data.draw(st.integers(0, second))
    found = statistics.two_proportions(hits, (first, second))
    if sum(hits) in (0, first + second):
        assert found == 1.0
    else:
        table = [[hits[0], first - hits[0]], [hits[1], second - hits[1]]]
        assert found == close(scipy.chi2_contingency(table, correction=False).pvalue)


def test_two_proportions_of_nothing_are_equal() -> None:
    assert statistics.two_proportions((0, 3), (0, 9)) == 1.0


@settings(deadline=None)
@given(st.integers(1, 20_000), st.integers(0, 20_000), durations, durations)
@example(1, 0, 60.0, 3600.0)
def test_the_interval_of_the_ratio_of_two_rates_is_that_of_clopper_and_pearson(
    before: int, after: int, time_before: float, time_after: float
) -> None:
    scale = time_before / time_after
    low = odds(0.025, after, before + 1) * scale if after else 0.0
    high = odds(0.975, after + 1, before) * scale
    found = statistics.rate_ratio((before, after), (time_before, time_after))
    assert found == (near(low), near(high))


@settings(deadline=None)
@given(st.integers(0, 1000), durations, durations)
def test_what_never_happened_before_may_be_any_number_of_times_as_frequent(
    after: int, time_before: float, time_after: float
) -> None:
    low, high = statistics.rate_ratio((0, after), (time_before, time_after))
    assert high is None
    assert low == near(odds(0.025, after, 1) * time_before / time_after if after else 0.0)


@settings(deadline=None)
@given(st.integers(1, 1000), st.integers(1, 1000), durations, durations)
def test_the_other_way_round_the_ratio_is_the_reciprocal(
    before: int, after: int, time_before: float, time_after: float
) -> None:
    low, high = statistics.rate_ratio((before, after), (time_before, time_after))
    again = statistics.rate_ratio((after, before), (time_after, time_before))
    assert high is not None
    assert again == (near(1 / high), near(1 / low))


def odds(p: float, a: float, b: float) -> float:
    """Return a quantile of a beta distribution as odds; what scipy has for shares is no nearer than 2e-12."""
    return float(scipy.beta.ppf(p, a, b) / scipy.beta.ppf(1 - p, b, a))


@given(st.lists(st.floats(0, 1), max_size=30))
def test_false_discovery_rates_after_benjamini_and_hochberg(p_values: list[float]) -> None:
    found = statistics.benjamini_hochberg(p_values)
    assert found == [close(value) for value in (scipy.false_discovery_control(p_values) if p_values else [])]


def test_what_was_not_tested_has_no_false_discovery_rate_and_corrects_none() -> None:
    assert statistics.benjamini_hochberg([None, 0.25, None, 0.5]) == [None, 0.5, None, 0.5]


@given(st.integers(0, 300), st.floats(0.05, 50), st.floats(0.05, 50))
def test_the_tail_of_a_gamma_poisson_mixture(count: int, shape: float, rate: float) -> None:
    wanted = scipy.nbinom.sf(count - 1, shape, rate / (1 + rate))
    assert statistics.gamma_poisson_tail(count, shape, rate) == close(wanted)


def test_false_discovery_rates_keep_to_the_places_of_their_p_values() -> None:
    values = [0.04, 0.001, 0.03, 0.5]
    shuffled = random.Random(1).sample(range(4), 4)  # noqa: S311
    found = statistics.benjamini_hochberg(values)
    assert statistics.benjamini_hochberg([values[i] for i in shuffled]) == [found[i] for i in shuffled]


@settings(deadline=None)
@given(tails | tails.map(lambda tail: 1 - tail) | st.sampled_from([0.025, 0.5, 0.975]), parameters, parameters)
@example(0.025, 1e6, 1e6)
@example(0.975, 0.5, 1e6)
@example(0.975, 1e6, 0.5)
@example(0.025, 0.5, 0.5)
@example(0.5, 0.5330398180932536, 0.5330398180932536)
def test_the_quantiles_of_a_beta_distribution(p: float, a: float, b: float) -> None:
    found = statistics.beta_quantile(p, a, b)
    # scipy's own quantile is off by 1e-8 here and there, what it says of the share below a value is not
    assert found == near(scipy.beta.ppf(p, a, b)) or scipy.beta.cdf(found, a, b) == near(p)


@given(st.floats(0.001, 0.999), st.integers(1, 1000))
def test_the_least_and_the_greatest_of_uniform_numbers_have_beta_distributions(p: float, count: int) -> None:
    assert statistics.beta_quantile(p, 1, count) == pytest.approx(-math.expm1(math.log1p(-p) / count), rel=1e-12)
    assert statistics.beta_quantile(p, count, 1) == pytest.approx(p ** (1 / count), rel=1e-12)


def test_a_beta_distribution_lies_between_0_and_1() -> None:
    assert [statistics.beta_quantile(p, 2, 3) for p in (0, 1)] == [0, 1]
    assert statistics.beta_quantile(0.01, 1e-3, 1) < 1e-300
    assert statistics.beta_quantile(0.99, 1, 1e-3) == 1
