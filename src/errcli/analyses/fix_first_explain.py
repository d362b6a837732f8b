"""fix-first-explain: how does the harm of a pattern come about, term by term?"""

from typing import Annotated

import msgspec

from errcli.analyses._harm import HarmParams, weights
from errcli.analysis import Analysis, column, pattern


class Params(HarmParams, frozen=True, kw_only=True):
    """Which pattern, when, and what makes an error weigh more."""

    explain: Annotated[str, pattern("Write out how the harm of this pattern comes about.", positional=False)]


class Row(msgspec.Struct, frozen=True):
    """One term: of the sum, of the mean weight of an episode, or of the downstream credit before its cap."""

    section: Annotated[str, column("harm, kinds of episodes, or leads to.", unit="section", rank=0)]
    term: Annotated[str, column("What is multiplied or added; a kind of episode; a pattern that follows.", rank=0)]
    count: Annotated[int | None, column("Users, or episodes; of the whole sum the rank.", rank=0)]
    share: Annotated[
        float | None,
        column("Not recovered; of all harm; of episodes; how much more often it follows.", unit="percent", rank=0),
    ]
    value: Annotated[float | None, column("Weight of an episode, harm or credit.", rank=0)]
    leads_to_hash: Annotated[str | None, column("The pattern that follows.", unit="hash", rank=0)]
    place: Annotated[int, column("Its place in the section, from 1.", rank=9)]


ANALYSIS = Analysis(
    name="fix-first-explain",
    summary="How the harm of a pattern comes about, term by term",
    example="errcli fix-first --explain 3f2a9c",
    params=Params,
    row=Row,
    limit=0,
    notes=lambda asked, rows: (weights(asked.params),) if rows else (),
)
