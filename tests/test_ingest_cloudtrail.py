"""Is a CloudTrail record read as AWS means it: who failed at what, where and when?"""

import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from errcli.event import Dropped, NotAnEventError
from errcli.ingest import formats
from errcli.ingest.formats import cloudtrail
from errcli.ingest.reading import Reading
from tests.support import REPOSITORY, Cli, event

REAL = REPOSITORY.parent / "shared" / "data" / "cloudtrail_errors.jsonl"
needs_real_data = pytest.mark.skipif(not REAL.exists(), reason="the real log is not part of this repository")

RECORD: dict[str, Any] = {
    "eventVersion": "1.08",
    "userIdentity": {
        "type": "IAMUser",
        "principalId": "AIDAEXAMPLE",
        "arn": "arn:aws:iam::123456789012:user/ann",
        "accountId": "123456789012",
        "accessKeyId": "AKIAIOSFODNN7EXAMPLE",
        "userName": "ann",
    },
    "eventTime": "2023-07-10T11:42:44Z",
    "eventSource": "s3.amazonaws.com",
    "eventName": "GetBucketAcl",
    "awsRegion": "us-east-1",
    "sourceIPAddress": "10.0.0.1",
    "userAgent": "aws-cli/2",
    "errorCode": "AccessDenied",
    "errorMessage": "Access Denied",
    "requestParameters": {"bucketName": "b", "acl": ""},
    "responseElements": None,
    "requestID": "R1",
    "eventID": "8ca35bec-bc01-4a58-beca-6f8a16907e98",
    "readOnly": True,
}
SUCCESS = {key: value for key, value in RECORD.items() if key not in ("errorCode", "errorMessage", "eventID")}


def read(**changes: Any) -> Any:
    record = {key: value for key, value in (RECORD | changes).items() if value != "missing"}
    return cloudtrail.to_event(record, json.dumps(record).encode(), Reading())


def test_each_field_has_its_column(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps(RECORD))
    assert cli("ingest", "--from", "cloudtrail", tmp_path / "a.jsonl").code == 0
    row = cli("query", "SELECT * EXCLUDE (place_hash, shape_id, created_at) FROM user_errors", "-f", "json").row
    assert {name: value for name, value in row.items() if value is not None} == {
        "id": "8ca35bec-bc01-4a58-beca-6f8a16907e98",
        "user_id": "arn:aws:iam::123456789012:user/ann",
        "session_id": "AKIAIOSFODNN7EXAMPLE",
        "timestamp": "2023-07-10T11:42:44Z",
        "error_type": "permission",
        "error_code": "AccessDenied",
        "error_message": "Access Denied",
        "technical": '{"awsRegion":"us-east-1","requestID":"R1","sourceIPAddress":"10.0.0.1","userAgent":"aws-cli/2"}',
        "page": "s3.amazonaws.com",
        "action": "GetBucketAcl",
        "input_data": '{"bucketName":"b","acl":""}',
        "occurrences": 1,
    }


@pytest.mark.parametrize("pack", [False, True])
@pytest.mark.parametrize("listed", [False, True])
def test_successful_calls_are_dropped_and_counted_in_either_form(
    cli: Cli, tmp_path: Path, listed: bool, pack: bool
) -> None:
    records = [SUCCESS, RECORD, SUCCESS | {"errorCode": None, "errorMessage": ""}]
    text = json.dumps({"Records": records}) if listed else "\n".join(map(json.dumps, records))
    (tmp_path / "log").write_bytes(gzip.compress(text.encode()) if pack else text.encode())
    done = cli("ingest", tmp_path / "log", "-f", "json")
    assert (done.row["lines"], done.row["stored"], done.row["dropped"]) == (3, 1, 2)
    assert "errcli: note: dropped: 2 successful call" in done.err
    assert cli("query", "SELECT rule, count FROM dropped_counts", "-f", "json").row == {
        "rule": "successful call",
        "count": 2,
    }


def test_a_file_of_nothing_but_successful_calls_is_no_failure(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "log").write_text(json.dumps({"Records": [SUCCESS]}))
    done = cli("ingest", tmp_path / "log", "-f", "json")
    assert (done.code, done.row["stored"], done.row["dropped"]) == (0, 0, 1)


def test_a_failed_console_login_has_no_code_and_maybe_no_message() -> None:
    login = {"eventName": "ConsoleLogin", "responseElements": {"ConsoleLogin": "Failure"}, "errorCode": "missing"}
    told = read(**login, errorMessage="Failed authentication")
    assert (told.error_code, told.error_message, told.action) == (None, "Failed authentication", "ConsoleLogin")
    assert read(**login, errorMessage="missing").error_type == "unknown"
    success = login | {"responseElements": {"ConsoleLogin": "Success"}, "errorMessage": "missing"}
    assert read(**success) == Dropped("successful call")


@pytest.mark.parametrize(
    ("identity", "user_id"),
    [
        ({"arn": "arn:aws:iam::1:root", "userName": "u"}, "arn:aws:iam::1:root"),
        ({"userName": "HIDDEN_DUE_TO_SECURITY_REASONS", "principalId": "p"}, "HIDDEN_DUE_TO_SECURITY_REASONS"),
        ({"arn": None, "principalId": "AROA:ann"}, "AROA:ann"),
        ({"type": "AWSService", "invokedBy": "autoscaling.amazonaws.com"}, "autoscaling.amazonaws.com"),
        ({"type": "AWSAccount", "accountId": "210987654321"}, "210987654321"),
    ],
)
def test_who_has_no_arn_goes_by_the_next_best_name(identity: dict[str, Any], user_id: str) -> None:
    assert read(userIdentity=identity).user_id == user_id


@pytest.mark.parametrize("identity", [{}, None, "root", {"arn": ""}, "missing"])
def test_without_any_name_there_is_no_user(identity: Any) -> None:
    with pytest.raises(NotAnEventError, match="no user"):
        read(userIdentity=identity)


@pytest.mark.parametrize("changes", [{"eventName": "missing"}, {"eventSource": None}, {"eventTime": 5}])
def test_what_names_no_call_is_no_event(changes: dict[str, Any]) -> None:
    with pytest.raises(NotAnEventError, match="not an event"):
        read(**changes)


def test_a_bad_time_is_refused() -> None:
    with pytest.raises(NotAnEventError, match="bad time"):
        read(eventTime="2023-07-32T00:00:00Z")


@pytest.mark.parametrize(
    ("code", "error_type"),
    [
        ("AccessDenied", "permission"),
        ("Client.UnauthorizedOperation", "permission"),
        ("ThrottlingException", "network"),
        ("RequestTimeout", "timeout"),
        ("ValidationException", "validation"),
        ("Client.InvalidParameterValue", "validation"),
        ("NoSuchBucket", "unknown"),
    ],
)
def test_the_type_is_told_by_the_code(code: str, error_type: str) -> None:
    assert read(errorCode=code).error_type == error_type


def test_without_an_event_id_the_text_tells_the_event() -> None:
    assert read(eventID="missing").id == read(eventID="missing").id != read(eventID="missing", awsRegion="eu").id


def test_secrets_in_the_parameters_are_redacted_and_ids_are_not(cli: Cli, tmp_path: Path) -> None:
    record = RECORD | {"requestParameters": {"masterUserPassword": "hunter2", "accessKeyId": "AKIAIOSFODNN7EXAMPLE"}}
    (tmp_path / "a.jsonl").write_text(json.dumps(record))
    cli("ingest", tmp_path / "a.jsonl")
    assert cli("query", "SELECT session_id, input_data FROM user_errors", "-f", "json").row == {
        "session_id": "AKIAIOSFODNN7EXAMPLE",
        "input_data": '{"masterUserPassword":"[redacted]","accessKeyId":"[redacted]"}',
    }


@pytest.mark.parametrize(
    ("record", "name"), [(RECORD, "cloudtrail"), (event(), "native"), ({"a": 1}, "native"), (SUCCESS, "cloudtrail")]
)
def test_the_format_is_told_by_the_records(record: dict[str, Any], name: str) -> None:
    assert formats.detect([{}, record]) == name


def test_a_format_that_is_named_is_not_detected(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps(RECORD))
    done = cli("ingest", tmp_path / "a.jsonl", "--from", "native", "-f", "json")
    assert (done.code, done.row["rejected"]) == (1, 1)


@needs_real_data
def test_the_real_log_is_stored_record_by_record(cli: Cli) -> None:
    records = [json.loads(line) for line in REAL.read_text("utf-8").splitlines()]
    assert cli("ingest", "--from", "cloudtrail", REAL, "-f", "json").row["stored"] == len(records) == 300
    rows = cli(
        "query", "SELECT page, action, error_code, count(*) AS n FROM user_errors GROUP BY ALL", "-f", "json"
    ).rows
    assert {(row["page"], row["action"], row["error_code"]): row["n"] for row in rows} == Counter(
        (record["eventSource"], record["eventName"], record.get("errorCode")) for record in records
    )
    users = cli("query", "SELECT user_id, count(*) AS n FROM user_errors GROUP BY ALL", "-f", "json").rows
    arns = Counter(record["userIdentity"].get("arn") for record in records)
    assert {row["user_id"]: row["n"] for row in users if row["user_id"] in arns} == {
        arn: count for arn, count in arns.items() if arn is not None
    }


@needs_real_data
def test_the_real_log_as_records_is_the_same_events(cli: Cli, tmp_path: Path) -> None:
    lines = REAL.read_text("utf-8").splitlines()
    (tmp_path / "a.json.gz").write_bytes(gzip.compress(f'{{"Records":[{",".join(lines)}]}}'.encode()))
    cli("ingest", REAL)
    row = cli("ingest", tmp_path / "a.json.gz", "-f", "json").row
    assert (row["lines"], row["stored"], row["duplicates"]) == (300, 0, 300)
