"""Which columns of an event do the analyses show that answer with events?"""

from datetime import datetime
from typing import Annotated

import msgspec

from errcli.analysis import column


class EventRow(msgspec.Struct, frozen=True):
    """One event as it is shown."""

    id: Annotated[str, column("The event's UUID.", unit="id", rank=9)]
    timestamp: Annotated[datetime, column("When it happened.", rank=0)]
    user_id: Annotated[str, column("Who ran into it.", unit="id", rank=1)]
    session_id: Annotated[str | None, column("In which session.", unit="id", rank=8)]
    error_type: Annotated[str, column("validation, permission, timeout, network, workflow, unknown.", rank=4)]
    error_code: Annotated[str | None, column("The application's code.", rank=2)]
    error_message: Annotated[str | None, column("What the application logged.", rank=1)]
    user_message: Annotated[str | None, column("What the user was shown.", rank=8)]
    page: Annotated[str | None, column("Where.", rank=3)]
    action: Annotated[str | None, column("Doing what.", rank=3)]
    severity: Annotated[str | None, column("low, medium, high, critical.", unit="severity", rank=1)]
    user_blocked: Annotated[bool | None, column("Could not go on.", rank=2)]
    workflow_failed: Annotated[bool | None, column("A workflow failed.", rank=7)]
    data_loss: Annotated[bool | None, column("Data was lost.", rank=6)]
    recovery_attempted: Annotated[bool | None, column("A recovery was tried.", rank=8)]
    recovery_successful: Annotated[bool | None, column("The recovery worked.", rank=6)]
    recovery_method: Annotated[str | None, column("How it was tried.", rank=8)]
    pattern_hash: Annotated[str, column("The pattern it belongs to.", unit="hash", rank=5)]
    resolved: Annotated[bool, column("A resolution of it, or of its pattern, stands.", rank=5)]
