"""What makes an error weigh more, where harm is added up: `[harm]` of the config, and its defaults."""

from typing import Annotated

import msgspec

_HEAVIEST = 1e15
"""As much as any parameter may be."""


def _weight(description: str) -> msgspec.Meta:
    return msgspec.Meta(description=description, ge=0, le=_HEAVIEST)


class Weights(msgspec.Struct, frozen=True):
    """`[harm]`: the weight of an episode by its severity, and how many times that again for what came of it."""

    low: Annotated[float, _weight("Weight of an episode of severity low.")] = 1.0
    medium: Annotated[float, _weight("Of severity medium, or of none that is known.")] = 2.0
    high: Annotated[float, _weight("Of severity high.")] = 4.0
    critical: Annotated[float, _weight("Of severity critical.")] = 8.0
    blocked: Annotated[float, _weight("How many times that again if the user was blocked.")] = 1.0
    workflow_failed: Annotated[float, _weight("How many times that again if a workflow failed.")] = 1.0
    data_loss: Annotated[float, _weight("How many times that again if data was lost.")] = 3.0
    downstream_cap: Annotated[
        float, _weight("Most credit for errors that it leads to, as a share of its own harm.")
    ] = 0.5
