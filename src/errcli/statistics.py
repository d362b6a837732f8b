"""What can chance explain? Intervals, exact tests and corrections over the counts that SQL returned; no I/O."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from math import exp, fsum, inf, lgamma, log, log1p, pi, sqrt
from statistics import NormalDist

CONFIDENCE = 0.95

_NEGLIGIBLE = 1e-17
_CONVERGED = 1e-10
_FARTHEST = 700.0
_ROUNDING = 1e-9


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


def rate_ratio(counts: tuple[int, int], times: tuple[float, float]) -> tuple[float, float | None]:
    """Return the exact 95% interval of the second of two rates as a multiple of the first; no upper end is None.

    Counts are Poisson. Given their sum, the second has a binomial distribution, whose interval is that of Clopper and
    Pearson (Przyborowski and Wilenski, 1940).
    """
    before, after = counts
    tail = (1 - CONFIDENCE) / 2
    scale = times[0] / times[1]
    low = scale * _beta_odds(tail, after, before + 1) if after else 0.0
    return low, scale * _beta_odds(1 - tail, after + 1, before) if before else None


def benjamini_hochberg(p_values: Sequence[float | None]) -> list[float | None]:
    """Return for each p-value the least false discovery rate at which it counts (Benjamini and Hochberg, 1995).

    None stands for what was not tested: it has no rate, and corrects none.
    """
    tested = sorted(((p, place) for place, p in enumerate(p_values) if p is not None), reverse=True)
    least = 1.0
    adjusted: list[float | None] = [None] * len(p_values)
    for rank, (p, place) in zip(range(len(tested), 0, -1), tested, strict=True):
        least = min(least, p * len(tested) / rank)
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


def beta_quantile(p: float, a: float, b: float) -> float:
    """Return below which value a share `p` of the beta distribution with parameters `a` and `b` lies.

    Newton's method on the logarithm of the smaller tail over the logit of the value: the one is a concave function of
    the other, so every step behind the first comes nearer from the same side, wherever it began.
    """
    if not 0 < p < 1:
        return min(1.0, max(0.0, p))
    return _logistic(-_lower_logit(1 - p, b, a) if p > 1 / 2 else _lower_logit(p, a, b))


def beta_interval(a: float, b: float) -> tuple[float, float]:
    """Return the 95% interval of a beta distribution, with equal tails."""
    tail = (1 - CONFIDENCE) / 2
    return beta_quantile(tail, a, b), beta_quantile(1 - tail, a, b)


def beta_posterior(successes: int, trials: int, rate: float, weight: float | None) -> tuple[float, float]:
    """Return the parameters of the beta distribution of a proportion whose prior is worth `weight` trials of `rate`.

    Without a weight the prior is that of Jeffreys, half a success and half a failure.
    """
    if weight is None:
        return successes + 1 / 2, trials - successes + 1 / 2
    return successes + weight * rate, trials - successes + weight * (1 - rate)


def prior_weight(rate: float, weight: float | None, others: int) -> float | None:
    """Return how many trials a prior may be worth, None where the others' trials do not tell enough to be one.

    `rate` is that of all groups and `weight` what moments find, None where groups differ no more than by chance. A
    prior is worth no more than all trials of the `others`, and no less than half a success and half a failure: with
    less, a group in which nothing happened by chance would get an interval around nothing.
    """
    rarer = min(rate, 1 - rate)
    if rarer * others < 1 / 2 - _ROUNDING:
        return None
    return max(others if weight is None else min(others, weight), 1 / 2 / rarer)


def _beta_odds(p: float, a: float, b: float) -> float:
    """Return a quantile of a beta distribution as odds, to the last digits also where it is nearly 1."""
    return beta_quantile(p, a, b) / beta_quantile(1 - p, b, a)


def _lower_logit(p: float, a: float, b: float) -> float:
    """Return log(x / (1 - x)) of the value x below which a share `p`, of at most a half, lies."""
    logit = log(a / b) + NormalDist().inv_cdf(p) * sqrt(1 / a + 1 / b)
    step = inf
    while abs(step) > _CONVERGED:
        logit = _within_numbers(logit)
        log_tail, slope = _lower_tail(_logistic(logit), _logistic(-logit), a, b)
        step = _within_numbers(logit + (log(p) - log_tail) / slope) - logit
        logit += step
    return logit


def _logistic(logit: float) -> float:
    return 1 / (1 + exp(-logit))


def _within_numbers(logit: float) -> float:
    """Return a logit whose value is neither too near 0 nor too near 1 for a number."""
    return min(_FARTHEST, max(-_FARTHEST, logit))


def _lower_tail(x: float, y: float, a: float, b: float) -> tuple[float, float]:
    """Return the logarithm of the regularized incomplete beta function, and its slope over the logit of x; y = 1 - x.

    The continued fraction (DLMF 8.17.22) converges fast on the side of the mean on which x is, or 1 - x.
    """
    log_density = _log_density(x, y, a, b)
    if x * (a + b + 2) < a + 1:
        fraction = _beta_fraction(x, a, b) / a
        return log_density + log(fraction), 1 / fraction
    tail = 1 - exp(log_density) * _beta_fraction(y, b, a) / b
    return log(tail), exp(log_density) / tail


def _log_density(x: float, y: float, a: float, b: float) -> float:
    """Return the logarithm of x^a y^b / B(a, b), the density of a beta distribution over the logit of x; y = 1 - x.

    By deviances and Stirling's errors (Loader, 2000): logarithms of gamma functions would cancel each other's digits.
    """
    total = a + b
    errors = _stirling_error(total) - _stirling_error(a) - _stirling_error(b)
    return log(a * (b / total) / (2 * pi)) / 2 + errors - _deviance(a, total * x) - _deviance(b, total * y)


def _stirling_error(z: float) -> float:
    """Return by how much Stirling's formula misses the logarithm of the gamma function (DLMF 5.11.1)."""
    if z < 16:  # noqa: PLR2004 - from here on five terms give all digits
        return lgamma(z) - (z - 1 / 2) * log(z) + z - log(2 * pi) / 2
    square = z * z
    return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / z


def _deviance(count: float, mean: float) -> float:
    """Return count log(count / mean) + mean - count, of a count near its mean as well."""
    ratio = (count - mean) / (count + mean)
    if abs(ratio) > 1 / 10:
        return count * (log(count) - log(mean)) + mean - count
    series = _falling(ratio ** (2 * n) / (2 * n + 1) for n in itertools.count(1))
    return (count - mean + 2 * count * series) * ratio


def _beta_fraction(x: float, a: float, b: float) -> float:
    """Return the continued fraction of the incomplete beta function, by the method of Lentz (1976)."""
    above, below = 1.0, 1 / (1 - (a + b) * x / (a + 1))
    value = below
    for n in itertools.count(1):
        before = value
        for term in (
            n * (b - n) * x / ((a + 2 * n - 1) * (a + 2 * n)),
            -(a + n) * (a + b + n) * x / ((a + 2 * n) * (a + 2 * n + 1)),
        ):
            below = 1 / (1 + term * below)
            above = 1 + term / above
            value *= above * below
        if abs(value - before) <= abs(value) * 1e-15:
            break
    return value


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
