"""track: one event, from flags or from JSON on stdin, into the store."""

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import msgspec
import typer

from errcli import diagnostics
from errcli.analysis import column
from errcli.cli.command import add_command
from errcli.cli.ingest import take_what_waits
from errcli.cli.invocation import Invocation
from errcli.errors import ErrcliError, InputError, StoreBusyError, UsageError

if TYPE_CHECKING:
    from errcli.store.burst import Loaded
    from errcli.store.worker import Worker

_PATIENCE = 1.0
"""Seconds to wait for the store where nothing is set: an application waits for its end, and the event can wait."""

PRUNED = "pruned"


class Tracked(msgspec.Struct):
    """The event that was tracked."""

    id: Annotated[str, column("Its id.", unit="id")]


def add(app: typer.Typer) -> None:
    """Add `errcli track`."""
    add_command(
        app,
        "track",
        _track,
        summary="Store one event, from flags or from JSON on stdin",
        example="errcli track --user u-1 --type timeout --code PAYMENT_TIMEOUT --page /checkout",
        details="Prints the event's id. Without --user it reads one JSON object from stdin. "
        "A missing time is the present. While another process holds the store, the event waits in a file beside it "
        "(PATH.spool), which the next ingest or track takes in.",
    )


def _track(
    invocation: Invocation,
    user: Annotated[str | None, typer.Option("--user", help="Who ran into it.")] = None,
    session: Annotated[str | None, typer.Option("--session", help="In which session.")] = None,
    error_type: Annotated[
        str, typer.Option("--type", help="validation, permission, timeout, network, workflow or unknown.")
    ] = "unknown",
    code: Annotated[str | None, typer.Option("--code", help="The application's code.")] = None,
    message: Annotated[str | None, typer.Option("--message", "-m", help="What happened.")] = None,
    user_message: Annotated[str | None, typer.Option("--user-message", help="What the user was shown.")] = None,
    technical: Annotated[str | None, typer.Option("--technical", help="Stack trace, request id.")] = None,
    page: Annotated[str | None, typer.Option("--page", help="Where.")] = None,
    action: Annotated[str | None, typer.Option("--action", help="Doing what.")] = None,
    severity: Annotated[str | None, typer.Option("--severity", help="low, medium, high or critical.")] = None,
    blocked: Annotated[bool | None, typer.Option("--blocked/--not-blocked", help="Could not go on.")] = None,
    workflow_failed: Annotated[bool | None, typer.Option("--workflow-failed", help="A workflow failed.")] = None,
    data_loss: Annotated[bool | None, typer.Option("--data-loss", help="Data was lost.")] = None,
    workflow: Annotated[str | None, typer.Option("--workflow", help="The workflow's id.")] = None,
    agent: Annotated[str | None, typer.Option("--agent", help="The agent's id.")] = None,
    input_data: Annotated[str | None, typer.Option("--input", metavar="JSON", help="What was put in.")] = None,
    release: Annotated[str | None, typer.Option("--release", help="Version of the application.")] = None,
    recovered: Annotated[
        bool | None,
        typer.Option("--recovered/--not-recovered", help="A recovery was tried, and how it went."),
    ] = None,
    recovery_method: Annotated[str | None, typer.Option("--recovery-method", help="How it was tried.")] = None,
    fingerprint: Annotated[str | None, typer.Option("--fingerprint", help="Its pattern, whatever it says.")] = None,
    time: Annotated[str | None, typer.Option("--time", metavar="TIME", help="When; default: now.")] = None,
    own_id: Annotated[str | None, typer.Option("--id", help="The event's own id.")] = None,
) -> None:
    if input_data is not None:
        _require_json(input_data)
    if user is None:
        _store(invocation, _from_stdin(), InputError)
        return
    record = {
        "id": own_id or str(uuid4()),
        "user_id": user,
        "session_id": session,
        "timestamp": time,
        "error": {
            "type": error_type,
            "code": code,
            "message": message,
            "user_message": user_message,
            "technical": technical,
        },
        "context": {
            "page": page,
            "action": action,
            "workflow_id": workflow,
            "agent_id": agent,
            "input_data": input_data,
        },
        "impact": {
            "severity": severity,
            "user_blocked": blocked,
            "workflow_failed": workflow_failed,
            "data_loss": data_loss,
        },
        "recovery": {
            "attempted": None if recovered is None else True,
            "successful": recovered,
            "method": recovery_method,
        },
        "release": release,
        "fingerprint": fingerprint,
    }
    _store(invocation, record, UsageError)


def _require_json(text: str) -> None:
    try:
        msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise UsageError(f"not JSON: {error}", "--input", """such as '{"amount": 12}'""") from None


def _from_stdin() -> dict[str, Any]:
    from errcli.event import NotAnEventError
    from errcli.ingest.decoding import decode

    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError("no event", "", "give --user and what happened, or JSON on stdin")
    text = sys.stdin.buffer.read().strip()
    try:
        return decode(text)
    except NotAnEventError as refusal:
        raise InputError(str(refusal), "stdin", "one JSON object is wanted") from None


def _store(invocation: Invocation, record: dict[str, Any], refused: type[ErrcliError]) -> None:
    """Store a record, or raise `refused`: a wrong flag is a wrong use, a wrong record a wrong input."""
    from errcli.event import NotAnEventError
    from errcli.ingest import spool
    from errcli.ingest.decoding import without_surrogates
    from errcli.ingest.redact import Redactor
    from errcli.ingest.tracked import to_event
    from errcli.store.burst import Burst
    from errcli.store.load import workers

    now = datetime.now(UTC)
    record = without_surrogates(record)
    settings = invocation.config.ingest
    redactor = Redactor(settings.redact_keys) if settings.redact else None
    try:
        event = to_event(record, None, now, redactor)
    except NotAnEventError as refusal:
        raise refused(str(refusal), "track", "an event needs a user, an error and a possible time") from None
    options = invocation.store_options
    if "store.wait" not in invocation.loaded.sources:
        options = msgspec.structs.replace(options, wait=_PATIENCE)
    burst = Burst(file="track", format="native", bytes=len(msgspec.json.encode(record)), lines=1)
    try:
        with workers(options, invocation.keeping) as (worker, *_):
            worker.stage([(1, event)])
            worker.prepare()
            loaded = worker.commit(burst, now)
            _take_what_waits(worker, invocation)
    except StoreBusyError:
        spool.put_aside(spool.path_of(options.path), [event])
        diagnostics.note("the store is busy: the event waits beside it, and the next ingest takes it in")
    else:
        _tell_what_was_not_stored(loaded, str(event.id))
    _answer(invocation, str(event.id))


def _take_what_waits(worker: "Worker", invocation: Invocation) -> None:
    """Take in what waits, now that this event is stored: that it cannot be is told, and is no failure of this one."""
    try:
        take_what_waits(worker, invocation)
    except StoreBusyError:
        pass
    except (ErrcliError, OSError) as error:
        diagnostics.note(f"events that wait beside the store could not be taken in: {error}")


def _tell_what_was_not_stored(loaded: "Loaded", event_id: str) -> None:
    if loaded.duplicates:
        diagnostics.note(f"the store has an event {event_id} already: the first one stays")
    for rule in loaded.dropped:
        if rule == PRUNED:
            raise InputError("not stored: events of that time were pruned", "track", "errcli db info says up to when")
        diagnostics.note(f"not stored: dropped by the rule {rule}")


def _answer(invocation: Invocation, event_id: str) -> None:
    if invocation.format == "table":
        # the id alone, so that a script can take it as it is
        invocation.write(f"{event_id}\n".encode())
        return
    invocation.answer_rows("track", Tracked, [Tracked(event_id)])
