"""What became of the errors that a process tracked?"""

from typing import NamedTuple


class Stats(NamedTuple):
    """What became of this process's events since it began or forked."""

    written: int
    """With the operating system: a process that is killed does not take them along."""
    waiting: int
    """In memory."""
    ignored: int
    """Of the code CANCELLED, or the same as one within the last second."""
    shed: int
    """There was no room in the queue."""
    failed: int
    """Could not be written, or not be made."""
