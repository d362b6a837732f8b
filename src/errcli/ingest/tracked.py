"""How does a record that an application hands over by itself become an event? By its own time, or at present."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import msgspec

from errcli.event import Event
from errcli.ingest.formats import native
from errcli.ingest.formats.fields import as_id
from errcli.ingest.reading import Reading
from errcli.ingest.redact import Redactor, redacted


def to_event(record: dict[str, Any], text: bytes | None, now: datetime, redactor: Redactor | None) -> Event:
    """Return the event that a native record is, redacted; `text` is the record's JSON, None where there is none yet.

    A record without a time is of `now`; if it has no id either it gets a new one, for nothing can tell whether it comes
    another time. Raises NotAnEventError.
    """
    if record.get("timestamp") is None:
        own_id = {} if as_id(record.get("id")) else {"id": str(uuid4())}
        record = {**record, "timestamp": now.isoformat(), **own_id}
        text = None
    event = native.to_event(record, text or msgspec.json.encode(record), Reading())
    return redacted(event, redactor)
