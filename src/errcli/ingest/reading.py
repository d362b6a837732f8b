"""How is a log to be read: what the user says once, and every format obeys."""

from datetime import UTC, tzinfo

import msgspec


class Reading(msgspec.Struct, frozen=True):
    """`zone` is that of times without an offset; with `all_levels` records below warning are errors, too."""

    zone: tzinfo = UTC
    all_levels: bool = False
