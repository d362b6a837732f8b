"""What does a request bring: JSON of limited size, and nothing that a browser sends without asking first."""

from starlette.requests import Request

from errcli.server.answers import RefusalError, Told

_JSON = "application/json"


async def body_of(request: Request, most: int) -> bytes:
    """Return the body of a request, at most so many bytes. Raises RefusalError: 413, and 415 for what is not JSON."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    length = request.headers.get("content-length", "")
    if kind != _JSON and not (not kind and length in ("", "0") and "transfer-encoding" not in request.headers):
        raise RefusalError(415, Told("content-type", f"{_JSON} is wanted", "Content-Type"))
    if length.isdigit() and int(length) > most:
        raise _too_large(most)
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            raise _too_large(most)
    return bytes(body)


def _too_large(most: int) -> RefusalError:
    # what is still to come is not read
    return RefusalError(413, Told("too-large", f"at most {most:,} bytes", "body"), {"connection": "close"})
