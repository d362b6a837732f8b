"""What can chance explain? Intervals, exact tests and corrections over the counts that SQL returned; no I/O."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from math import exp, fsum, lgamma, log, log1p, sqrt
from statistics import NormalDist

CONFIDENCE = 0.95

_NEGLIGIBLE = 1e-17


def wilson(successes: float, trials: float) -> tuple[float, float]:
    """Return the 95% interval of a proportion, from 0 to 1, after Wilson (1927); no trials: (0, 1)."""
    if trials == 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    rate, square = successes / trials, z * z / trials
    middle = rate + square / 2
    margin = z * sqrt(rate * (1 - rate) / trials + square / (4 * trials))
    return max(0.0, (middle - margin) / (1 + square)), min(1.0, (middle + margin) / (1 + square))


def fisher_greater(both: int, first: int, second: int, total: int) -> float:
    """Return how likely it is that at least `both` of `total` have two independent traits (Fisher's exact test).

    `first` of them have the one, `second` the other.
    """
    # whichever tail is the smaller one falls fast, so that few terms of it count
    if both * total > first * second:
        return min(1.0, _falling(_hypergeometric_upwards(both, first, second, total)))
    return max(0.0, 1.0 - _falling(_hypergeometric_downwards(both - 1, first, second, total)))


def two_proportions(successes: tuple[int, int], trials: tuple[int, int]) -> float:
    """Return the two-sided p-value of two equal proportions, by the pooled z-test; 1 where it says nothing."""
    total = sum(trials)
    if 0 in trials or sum(successes) in (0, total):
        return 1.0
    pooled = sum(successes) / total
    error = sqrt(pooled * (1 - pooled) * (1 / trials[0] + 1 / trials[1]))
    z = (successes[0] / trials[0] - successes[1] / trials[1]) / error
    return 2 * NormalDist().cdf(-abs(z))


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Return for each p-value the least false discovery rate at which it counts (Benjamini and Hochberg, 1995)."""
    count = len(p_values)
    least = 1.0
    adjusted = [1.0] * count
    for rank, place in zip(range(count, 0, -1), sorted(range(count), key=lambda i: -p_values[i]), strict=True):
        least = min(least, p_values[place] * count / rank)
        adjusted[place] = least
    return adjusted


def gamma_poisson_tail(count: int, shape: float, rate: float) -> float:
    """Return how likely at least `count` events are where their mean has a gamma distribution.

    `shape` and `rate` are the distribution's; the sum over all counts is a negative binomial distribution.
    """
    log_no, log_yes = log(rate) - log1p(rate), -log1p(rate)

    def probability(each: int) -> float:
        return exp(lgamma(each + shape) - lgamma(shape) - lgamma(each + 1) + shape * log_no + each * log_yes)

    below = fsum(probability(each) for each in range(count))
    if below < 1 / 2:
        return 1.0 - below
    # a small tail would be lost in the rounding of the difference
    return _falling(probability(each) for each in itertools.count(count))


def _falling(terms: Iterable[float]) -> float:
    """Return the sum of terms each of which is less than the one before, up to those that make no difference."""
    total = 0.0
    for term in terms:
        total += term
        if term <= total * _NEGLIGIBLE:
            break
    return total


def _hypergeometric_upwards(both: int, first: int, second: int, total: int) -> Iterator[float]:
    """Yield how likely it is that `both`, and each number above, have two traits; each from the one before."""
    neither = total - first - second
    chance = _hypergeometric(both, first, second, total)
    while chance > 0:
        yield chance
        chance *= (first - both) * (second - both) / ((both + 1) * (neither + both + 1))
        both += 1


def _hypergeometric_downwards(both: int, first: int, second: int, total: int) -> Iterator[float]:
    """Yield the same for `both` and each number below."""
    neither = total - first - second
    chance = _hypergeometric(both, first, second, total)
    while chance > 0:
        yield chance
        chance *= both * (neither + both) / ((first - both + 1) * (second - both + 1))
        both -= 1


def _hypergeometric(both: int, first: int, second: int, total: int) -> float:
    if not max(0, first + second - total) <= both <= min(first, second):
        return 0.0
    return exp(_log_choose(first, both) + _log_choose(total - first, second - both) - _log_choose(total, second))


def _log_choose(total: int, chosen: int) -> float:
    return lgamma(total + 1) - lgamma(chosen + 1) - lgamma(total - chosen + 1)
