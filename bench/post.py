"""Posts events over connections that stay open, each with the next one once the last is accepted; a cheap client."""

import asyncio
import json
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import IO

_HEAD = "POST /api/v1/errors/track HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: "


def request(number: int) -> bytes:
    """Return the bytes of one request: an event as an application sends it."""
    event = {
        "id": f"00000000-0000-4000-8000-{number:012d}",
        "user_id": f"u-{number % 500}",
        "session_id": f"s-{number % 2000}",
        "timestamp": f"2026-03-01T12:{number // 60 % 60:02d}:{number % 60:02d}Z",
        "error": {
            "type": "timeout",
            "code": "PAYMENT_TIMEOUT",
            "message": f"Payment of {number}.12 EUR for order-{number} timed out at the gateway",
            "user_message": "Something went wrong",
            "technical": "Traceback (most recent call last): pay.py line 12 in charge",
        },
        "context": {"page": "/checkout", "action": "pay", "input_data": {"amount": number}},
        "impact": {"severity": "high", "user_blocked": True},
        "recovery": {"attempted": True, "successful": False, "method": "retry"},
        "release": "1.4.2",
    }
    body = json.dumps(event).encode()
    return f"{_HEAD}{len(body)}\r\n\r\n".encode() + body


async def _post(port: int, requests: list[bytes], accepted: IO[bytes] | None) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for each in requests:
        writer.write(each)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 202 "):
            raise SystemExit(head.decode())
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        answer = await reader.readexactly(int(length.partition(b":")[2]))
        if accepted is not None:
            accepted.write(answer + b"\n")
    writer.close()


async def _post_all(port: int, events: int, clients: int, accepted: IO[bytes] | None) -> None:
    requests = [request(number) for number in range(events)]
    await asyncio.gather(*(_post(port, requests[client::clients], accepted) for client in range(clients)))


if __name__ == "__main__":
    port, events, clients = (int(argument) for argument in sys.argv[1:4])
    # where a fourth argument names a file, the answers are added to it as they come
    with Path(sys.argv[4]).open("ab", buffering=0) if len(sys.argv) > 4 else nullcontext() as file:
        asyncio.run(_post_all(port, events, clients, file))
