"""What kind of error is an exception, by its class and its own `code`, and what may a user be told of it?"""

from __future__ import annotations

from errcli.capture.texts import text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

CANCELLED = "CANCELLED"
"""The code of what a user called off: no error."""

MESSAGES = {
    "NETWORK_ERROR": "We could not reach the server. Please check your connection and try again.",
    "PERMISSION_DENIED": "You do not have access to this. Ask an administrator if you need it.",
    "TIMEOUT": "This took too long. Please try again in a moment.",
    "VALIDATION_ERROR": "Something in what you entered is not right. Please check it and try again.",
    "WORKFLOW_FAILED": "This task could not be completed. Nothing more is needed from you; please try again later.",
    "UNKNOWN": "Something went wrong on our side. Please try again, and contact us if it happens again.",
}
"""What users are told, by code; an application adds its own. UNKNOWN is for every code that is not here."""


_TIMEOUT = ("timeout", "TIMEOUT")
_NETWORK = ("network", "NETWORK_ERROR")
_PERMISSION = ("permission", "PERMISSION_DENIED")
_VALIDATION = ("validation", "VALIDATION_ERROR")
# By name, so that no library is imported to know its exceptions: those of Python, then of requests, httpx, aiohttp,
# Django, pydantic, FastAPI, marshmallow and jsonschema. The first class of an exception's that is here decides.
_KINDS = {
    **dict.fromkeys(("TimeoutError", "Timeout", "TimeoutException", "ServerTimeoutError"), _TIMEOUT),
    **dict.fromkeys(("ConnectionError", "gaierror", "NetworkError", "ClientConnectionError"), _NETWORK),
    **dict.fromkeys(("PermissionError", "PermissionDenied"), _PERMISSION),
    **dict.fromkeys(("ValidationError", "RequestValidationError"), _VALIDATION),
    "CancelledError": ("unknown", CANCELLED),
}
_LONGEST_CODE = 100


def kind_of(error: BaseException) -> tuple[str, str | None]:
    """Return the type and code of an exception; its own attribute `code`, if that is a text, goes before.

    The type of an exception that is of no known kind is its class.
    """
    of_class = type(error)
    known = next((_KINDS[each.__name__] for each in of_class.__mro__ if each.__name__ in _KINDS), None)
    code = _own_code(error)
    if known is None:
        return of_class.__name__, code
    return known if code is None else (known[0], code)


def user_message(error: Any) -> str:
    """Return what to tell the user of an exception, or of a code: the text of `MESSAGES` for its code."""
    code = error if isinstance(error, str) else kind_of(error)[1] if isinstance(error, BaseException) else None
    return MESSAGES.get(code or "", MESSAGES["UNKNOWN"])


def _own_code(error: BaseException) -> str | None:
    try:
        code = getattr(error, "code", None)
    except Exception:  # noqa: BLE001 - it may be a property of the application's
        return None
    return text_of(code) if isinstance(code, str) and 0 < len(code) <= _LONGEST_CODE else None
