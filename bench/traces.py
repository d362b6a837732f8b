"""What does a log look like whose errors come with stack traces: as in Python and in browsers, about 1.5 kB each?"""

import json
import random
from collections.abc import Callable
from functools import cache
from pathlib import Path

from bench import data

_FILES = ("app/checkout/handlers.py", "app/cart/service.py", "app/auth/token_store.py", "app/payments/card_gateway.py",
          "app/core/keys.py", "lib/python3.11/site-packages/urllib3/connectionpool.py")  # fmt: skip
_FUNCTIONS = ("handle", "process_order", "send", "get_token", "charge_card", "lookup_key", "passes_check", "onSubmit")
_DEEPEST, _SHALLOWEST = 20, 8


@cache
def log(events: int) -> Path:
    """Return the log of so many events, each with a trace; it is made where it is not there yet."""
    name = f"traces-{events}-{data.hash_of([Path(__file__), Path(data.__file__)])}.jsonl"
    return data.made(name, lambda path: _write(path, events))


def _write(path: Path, events: int) -> None:
    dice = random.Random(events)  # noqa: S311 - the same numbers every time are what is wanted
    with data.log(events).open(encoding="utf-8") as lines, path.open("w", encoding="utf-8") as file:
        for line in lines:
            trace = json.dumps(dice.choice(_TRACES)(dice))
            file.write(line.replace('"userMessage":', f'"technical":{trace},"userMessage":', 1))


def _of_python(dice: random.Random) -> str:
    frames = (
        f'  File "/srv/{dice.choice(_FILES)}", line {dice.randrange(900)}, in {dice.choice(_FUNCTIONS)}\n'
        f"    return self.{dice.choice(_FUNCTIONS)}(request, key=key, timeout={dice.randrange(30)})\n"
        for _ in range(dice.randint(_SHALLOWEST, _DEEPEST))
    )
    return f"Traceback (most recent call last):\n{''.join(frames)}KeyError: 'order_{dice.randrange(10**6)}'"


def _of_a_browser(dice: random.Random) -> str:
    frames = (
        f"\n    at {dice.choice(_FUNCTIONS)} (https://app.example.com/static/js/main.{dice.getrandbits(32):08x}.js"
        f":{dice.randrange(9)}:{dice.randrange(99_999)})"
        for _ in range(dice.randint(_SHALLOWEST, _DEEPEST))
    )
    return f"TypeError: Cannot read properties of undefined (reading 'token'){''.join(frames)}"


_TRACES: tuple[Callable[[random.Random], str], ...] = (_of_python, _of_a_browser)
