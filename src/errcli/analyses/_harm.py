"""Which parameters have the questions about harm in common: when, and what makes an error weigh more?"""

from typing import Annotated

import msgspec

from errcli.analyses._episodes import EpisodeParams
from errcli.analysis import option
from errcli.harm import Weights

_DEFAULTS = Weights()


class HarmParams(EpisodeParams, frozen=True, kw_only=True):
    """When, and what makes an error weigh more: `[harm]` of the config, where it is not given."""

    since: Annotated[str | None, msgspec.Meta(description="Start of the window: 15m, 1h, 7d, today or a time.")] = "7d"
    low: Annotated[float, option("Weight of an episode of severity low.", ge=0, section="harm")] = _DEFAULTS.low
    medium: Annotated[float, option("Of severity medium, or of none that is known.", ge=0, section="harm")] = (
        _DEFAULTS.medium
    )
    high: Annotated[float, option("Of severity high.", ge=0, section="harm")] = _DEFAULTS.high
    critical: Annotated[float, option("Of severity critical.", ge=0, section="harm")] = _DEFAULTS.critical
    blocked: Annotated[float, option("How many times that again if the user was blocked.", ge=0, section="harm")] = (
        _DEFAULTS.blocked
    )
    workflow_failed: Annotated[
        float, option("How many times that again if a workflow failed.", ge=0, section="harm")
    ] = _DEFAULTS.workflow_failed
    data_loss: Annotated[float, option("How many times that again if data was lost.", ge=0, section="harm")] = (
        _DEFAULTS.data_loss
    )
    downstream_cap: Annotated[
        float, option("Most credit for errors that it leads to, as a share of its own harm.", ge=0, section="harm")
    ] = _DEFAULTS.downstream_cap


def weights(given: HarmParams) -> str:
    """Return the weights in a line."""
    severities = ", ".join(f"{name} {getattr(given, name):g}" for name in ("low", "medium", "high", "critical"))
    return (
        f"weights: {severities}; blocked +{given.blocked:g}x, workflow failed"
        f" +{given.workflow_failed:g}x, data lost +{given.data_loss:g}x ([harm])"
    )
