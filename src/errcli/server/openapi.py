"""What does the API look like to a program? OpenAPI, made from what the analyses and the format of events declare."""

from typing import Any
from zoneinfo import available_timezones

import msgspec

from errcli import catalog
from errcli.analysis import Analysis
from errcli.decisions import Decided
from errcli.ingest import event_time
from errcli.server.answers import Told
from errcli.server.parameters import Parameter
from errcli.server.resolving import Resolution

Schema = dict[str, Any]

_ANYTHING: Schema = {}
_TEXT: Schema = {"description": "A text; anything else is kept as its JSON."}
_TRUTH: Schema = {"description": "true or false; anything that is neither is as good as nothing."}
_ID: Schema = {"description": "A text or a number."}


def error_responses(*statuses: int) -> Schema:
    """Return what a route says of its errors."""
    return {
        str(status): {
            "description": _DESCRIPTIONS[status],
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
        }
        for status in statuses
    }


_DESCRIPTIONS = {
    400: "The Host header is not a name of this server.",
    401: "No valid token. Says so of every path, whether there is one or not.",
    403: "A page of this origin may not do that.",
    404: "There is no store yet, or nothing of this name in it.",
    409: "Parameters that mean something each, and nothing together or in this store.",
    413: "A body over the limit.",
    415: "The body is not application/json.",
    422: "Something that means nothing; of events, which and why: none of the request was accepted.",
    500: "The store cannot be used; the server's log says why.",
    503: "Somebody else has the store for longer than the server waits; try again.",
}


def of_question(analysis: Analysis, parameters: list[Parameter]) -> Schema:
    """Return what is said of a question beside its path."""
    return {
        "parameters": [
            {
                "name": each.name,
                "in": "path" if each.in_path else "query",
                "required": each.required,
                "description": each.description,
                "schema": each.schema,
            }
            for each in parameters
        ],
        "responses": {
            "200": _answer(analysis.summary, catalog.schema_of(analysis.name)["row"]),
            **error_responses(400, 401, 404, 409, 422, 500, 503),
        },
    }


def of_tracking(max_batch: int) -> Schema:
    """Return what is said of tracking beside its path."""
    event = {"$ref": "#/components/schemas/Event"}
    ids = {"type": "array", "items": {"type": "string", "format": "uuid"}}
    accepted = {"type": "object", "required": ["ids"], "properties": {"ids": ids}}
    batch = {"type": "array", "items": event, "minItems": 1, "maxItems": max_batch}
    return {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"anyOf": [event, batch]}}},
        },
        "responses": {
            "202": {
                "description": "All events are on disk; their ids, in the order of the request.",
                "content": {"application/json": {"schema": accepted}},
            },
            **error_responses(400, 401, 403, 413, 415, 422, 500),
        },
    }


def of_resolving() -> Schema:
    """Return what is said of resolving beside its path."""
    (body, row), definitions = msgspec.json.schema_components([Resolution, Decided])
    return {
        "parameters": [
            {
                "name": "error_id",
                "in": "path",
                "required": True,
                "description": "An event's id, or a pattern's hash; 6 digits of it are enough.",
                "schema": {"type": "string"},
            }
        ],
        "requestBody": {"content": {"application/json": {"schema": definitions[_name(body)]}}},
        "responses": {
            "200": _answer("What is resolved.", definitions[_name(row)]),
            **error_responses(400, 401, 403, 404, 409, 413, 415, 422, 500, 503),
        },
    }


def components() -> Schema:
    """Return the schemas that several routes name."""
    (told,), definitions = msgspec.json.schema_components([Told], ref_template="#/components/schemas/{name}")
    return {
        **definitions,
        "Error": {"type": "object", "required": ["error"], "properties": {"error": told}},
        "Event": _EVENT,
        "Zone": {"type": "string", "enum": sorted(available_timezones())},
    }


def _name(reference: Schema) -> str:
    name: str = reference["$ref"].rpartition("/")[2]
    return name


def _answer(description: str, row: Schema) -> Schema:
    """Return an envelope around rows of a schema."""
    moment = {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]}
    envelope = {
        "analysis": {"type": "string"},
        "version": {"type": "string"},
        "now": {"type": "string", "format": "date-time"},
        "since": moment,
        "until": moment,
        "params": {"type": "object"},
        "rows": {"type": "array", "items": row},
        "truncated": {"type": "boolean"},
    }
    schema = {"type": "object", "required": list(envelope), "properties": envelope}
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _section(description: str, **properties: Schema) -> Schema:
    return {"description": description, "properties": properties}


_EVENT: Schema = {
    "description": "An event as a line of a log has it: nested, or flat with the columns of user_errors; camelCase and "
    "snake_case are both taken, and what is not known is left out.",
    "type": "object",
    "required": ["user_id", "error"],
    "properties": {
        "id": {"description": "Its own id; without it a new one, or where the event has a time one of its content."},
        "user_id": {
            "description": "Who ran into it.",
            "anyOf": [{"type": "string", "pattern": r"\S"}, {"type": "number"}],
        },
        "session_id": _ID,
        "timestamp": {
            "description": "When, ISO-8601 or since 1970, from 0001-01-03 to 9999-12-29; without it: now.",
            "anyOf": [
                {"type": "string", "format": "date-time"},
                # the first instant in seconds, the last in nanoseconds: the unit is told by the magnitude
                {
                    "type": "number",
                    "minimum": int(event_time.FIRST.timestamp()),
                    "exclusiveMaximum": int(event_time.END.timestamp()) * 10**9,
                },
                {"type": "null"},
            ],
        },
        "error": {
            "type": "object",
            "description": "What happened.",
            "properties": {
                "type": _TEXT, "code": _TEXT, "message": _TEXT, "user_message": _TEXT, "technical": _TEXT,
            },
        },
        "context": _section(
            "Where.", page=_TEXT, action=_TEXT, workflow_id=_ID, agent_id=_ID, input_data=_ANYTHING,
            previous_errors=_ANYTHING, release=_TEXT,
        ),
        "impact": _section(
            "How bad.", severity=_TEXT, user_blocked=_TRUTH, workflow_failed=_TRUTH, data_loss=_TRUTH
        ),
        "recovery": _section("How on.", attempted=_TRUTH, successful=_TRUTH, method=_TEXT, user_action=_TEXT),
        "release": _TEXT,
        "fingerprint": _TEXT,
    },
    "example": {
        "user_id": "u-1",
        "session_id": "s-1",
        "error": {"type": "timeout", "code": "PAYMENT_TIMEOUT", "message": "no answer in 30 s"},
        "context": {"page": "/checkout", "action": "pay"},
        "impact": {"severity": "high", "user_blocked": True},
    },
}  # fmt: skip
