"""How does Drain3 group the same messages, and how fast? Run as a script, it times itself on messages of a file.

Its configuration is that of `examples/drain3.ini` in its repository, but for the profiler, which is off.
"""

import json
import sys
import time
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet

sys.path.insert(0, str(Path(__file__).parent.parent))  # run as a script, it still finds its neighbours

from bench.patterns_corpus import Labelled
from bench.race import SkippedError

SIMILARITY = 0.4
MOST_CLUSTERS = 1024

_BEFORE, _BEHIND = "((?<=[^A-Za-z0-9])|^)", "((?=[^A-Za-z0-9])|$)"
"""A value stands between characters that are neither letters nor digits. So it is written in the examples; with
lookarounds alone, `(?<![A-Za-z0-9])`, Drain3 takes a quarter less."""

_MASKS = (
    ("ID", f"{_BEFORE}(([0-9a-f]{{2,}}:){{3,}}([0-9a-f]{{2,}})){_BEHIND}"),
    ("IP", rf"{_BEFORE}(\d{{1,3}}\.\d{{1,3}}\.\d{{1,3}}\.\d{{1,3}}){_BEHIND}"),
    ("SEQ", f"{_BEFORE}([0-9a-f]{{6,}} ?){{3,}}{_BEHIND}"),
    ("SEQ", f"{_BEFORE}([0-9A-F]{{4}} ?){{4,}}{_BEHIND}"),
    ("HEX", f"{_BEFORE}(0x[a-f0-9A-F]+){_BEHIND}"),
    ("NUM", rf"{_BEFORE}([\-\+]?\d+){_BEHIND}"),
    ("CMD", '(?<=executed cmd )(".+?")'),
)
"""What is masked ahead of the grouping."""


class Message(NamedTuple):
    """A message, with what errcli tells groups apart by before it looks at messages."""

    error_type: str
    error_code: str | None
    text: str


def grouped(labelled: list[Labelled]) -> list[object]:
    """Return the group of each message. Raises SkippedError where Drain3 is not installed."""
    require_drain()
    errors = [each.event["error"] for each in labelled]
    return clusters(Message(error["type"], error.get("code"), error["message"]) for error in errors)


def require_drain() -> None:
    """Raise SkippedError where Drain3 is not installed."""
    if find_spec("drain3") is None:
        raise SkippedError("Drain3 is not installed: `pip install drain3`")


def clusters(messages: Iterable[Message]) -> list[object]:
    """Return the cluster of each message; every error type and code has a Drain3 of its own."""
    miners: dict[tuple[str, str | None], Any] = {}
    found: list[object] = []
    for kind, code, text in messages:
        if (miner := miners.get((kind, code))) is None:
            miner = miners[kind, code] = _miner()
        found.append((kind, code, miner.add_log_message(text)["cluster_id"]))
    return found


def _miner() -> Any:
    from drain3 import TemplateMiner

    return TemplateMiner(config=_config())


@cache
def _config() -> Any:
    from drain3.masking import MaskingInstruction
    from drain3.template_miner_config import TemplateMinerConfig

    config = TemplateMinerConfig()
    config.masking_instructions = [MaskingInstruction(pattern, name) for name, pattern in _MASKS]
    config.mask_prefix, config.mask_suffix = "<:", ":>"
    config.drain_sim_th, config.drain_max_clusters = SIMILARITY, MOST_CLUSTERS
    config.drain_extra_delimiters = ["_"]
    return config


def main() -> None:
    """Group the first messages of a Parquet file and print how long that took, and into how many groups."""
    file, count = sys.argv[1:]
    table = pyarrow.parquet.read_table(file, columns=["error_type", "error_code", "message"]).slice(0, int(count))
    messages = [Message(*row.values()) for row in table.to_pylist()]
    began = time.perf_counter()
    found = clusters(messages)
    took = time.perf_counter() - began
    print(json.dumps({"events": len(found), "seconds": took, "groups": len(set(found))}))


if __name__ == "__main__":
    main()
