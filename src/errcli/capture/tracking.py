"""How is an error tracked without harm: `track_error`, which raises nothing and loads nothing before there is one."""

from __future__ import annotations

import os
from contextlib import suppress

from errcli.capture.writer import the_writer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Unpack

    from errcli.capture.fields import Fields


def track_error(error: Any, **fields: Unpack[Fields]) -> str:
    """Write down an error, an exception or a text, that a user runs into now; return the event's id.

    `Fields` lists what else can be said. Not written are errors of the code CANCELLED, and repeats: the same exception
    on its way up, or the same user's error of the same session, type, code, message, page and action within a second.
    Of these the first one's id is returned. Raises nothing, and does not wait for the disk.
    """
    try:
        return the_writer().track(error, fields)
    except Exception as failure:  # noqa: BLE001 - an application must not fail because its errors are written down
        with suppress(Exception):  # where the stack is full even that may be too much
            the_writer().fail(failure)
        return os.urandom(16).hex()  # the id of nothing
