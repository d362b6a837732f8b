"""Does the accounting add up for logs that are searched for by coverage? `make fuzz` runs this for some minutes.

No test of the suite: atheris has no wheel for every Python, and the search has no end of its own.
"""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["errcli.ingest", "errcli.intake"]):
    from tests.support import SAMPLE
    from tests.test_ingest_fuzz import LOGS, check_accounting


def main() -> None:
    """Search until -max_total_time, from one line of each format on; options are libFuzzer's."""
    with tempfile.TemporaryDirectory() as corpus:
        for log in (*LOGS, SAMPLE):
            Path(corpus, log.name).write_bytes(log.read_bytes().splitlines()[0] + b"\n")
        atheris.Setup([*sys.argv, corpus], check_accounting)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
