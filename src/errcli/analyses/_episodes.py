"""Which parameters have all questions about episodes in common?"""

from typing import Annotated

from errcli.analysis import Window, duration


class EpisodeParams(Window, frozen=True, kw_only=True):
    """When, and how far events may be apart."""

    gap: Annotated[str, duration("Longest pause within one episode.")] = "2m"
    settle: Annotated[str, duration("Silence after which an episode counts as over.")] = "30m"
