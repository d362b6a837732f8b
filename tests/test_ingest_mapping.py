"""Does `--map field=path` find a log's fields, and refuse what means nothing?"""

import json
from pathlib import Path

import pytest

from tests.support import Cli

LINE = {
    "ctx": {"user": {"id": 7}, "a.b": {"c": "/dotted"}},
    "err": {"message": "boom", "code": "E1"},
    "ts": 1_772_366_400,
    "page": "/from-native",
}


def _log(folder: Path) -> Path:
    path = folder / "foreign.jsonl"
    path.write_text(json.dumps(LINE) + "\n")
    return path


def test_mapped_fields_are_read_and_the_rest_is_native(cli: Cli, tmp_path: Path) -> None:
    done = cli(
        "ingest", _log(tmp_path), "-f", "json", "--map", "user_id=ctx.user.id", "--map", "error_message=err.message",
        "--map", "error_code=err.code", "--map", "timestamp=ts",
    )  # fmt: skip
    assert done.row["stored"] == 1
    row = cli("user", "7", "-f", "json").row
    assert (row["error_message"], row["error_code"], row["page"]) == ("boom", "E1", "/from-native")
    assert row["timestamp"] == "2026-03-01T12:00:00Z"


def test_a_mapped_field_goes_before_what_the_record_says(cli: Cli, tmp_path: Path) -> None:
    maps = ["user_id=ctx.user.id", "error_type=err.code", "timestamp=ts", "page=ctx.a.b.c"]
    cli("ingest", _log(tmp_path), *(part for each in maps for part in ("--map", each)))
    assert cli("user", "7", "-f", "json").row["page"] == "/dotted"


def test_a_path_that_leads_nowhere_leaves_the_field_out(cli: Cli, tmp_path: Path) -> None:
    maps = ["user_id=ctx.nobody.id", "error_code=err.code", "timestamp=ts"]
    done = cli("ingest", _log(tmp_path), *(part for each in maps for part in ("--map", each)))
    assert done.code == 1
    assert "no user" in done.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--map", "usr_id=x"], "no field 'usr_id', --map (did you mean user_id?)"),
        (["--map", "user_id"], "'user_id' is no field=path, --map (such as --map user_id=ctx.user.id)"),
        (["--map", "user_id=a", "--from", "cloudtrail"], "a format says where its fields stand"),
    ],
)
def test_a_map_that_means_nothing_is_a_usage_error(
    cli: Cli, tmp_path: Path, arguments: list[str], message: str
) -> None:
    done = cli("ingest", _log(tmp_path), *arguments)
    assert done.code == 2
    assert message in done.err
    assert not Path("errcli.duckdb").exists()
