"""Which parameters have the questions about harm in common: when, and what makes an error weigh more?"""

from typing import Annotated

import msgspec

from errcli.analyses._episodes import EpisodeParams
from errcli.analysis import fields_of, option
from errcli.harm import Weights

_DEFAULTS = Weights()
_DESCRIPTIONS = {field.name: field.meta.description or "" for field in fields_of(Weights)}


def _weight(name: str) -> msgspec.Meta:
    """Annotate a parameter that is a weight: what `[harm]` of the config says, where it is not given."""
    return option(_DESCRIPTIONS[name], ge=0, section="harm")


class HarmParams(EpisodeParams, frozen=True, kw_only=True):
    """When, and what makes an error weigh more."""

    since: Annotated[str | None, msgspec.Meta(description="Start of the window: 15m, 1h, 7d, today or a time.")] = "7d"
    low: Annotated[float, _weight("low")] = _DEFAULTS.low
    medium: Annotated[float, _weight("medium")] = _DEFAULTS.medium
    high: Annotated[float, _weight("high")] = _DEFAULTS.high
    critical: Annotated[float, _weight("critical")] = _DEFAULTS.critical
    blocked: Annotated[float, _weight("blocked")] = _DEFAULTS.blocked
    workflow_failed: Annotated[float, _weight("workflow_failed")] = _DEFAULTS.workflow_failed
    data_loss: Annotated[float, _weight("data_loss")] = _DEFAULTS.data_loss
    downstream_cap: Annotated[float, _weight("downstream_cap")] = _DEFAULTS.downstream_cap


def weights(given: HarmParams) -> str:
    """Return the weights in a line."""
    severities = ", ".join(f"{name} {getattr(given, name):g}" for name in ("low", "medium", "high", "critical"))
    return (
        f"weights: {severities}; blocked +{given.blocked:g}x, workflow failed"
        f" +{given.workflow_failed:g}x, data lost +{given.data_loss:g}x ([harm])"
    )
