"""Is a file written whole or not at all, where it should be and for whom it should be?"""

import os
import stat
from pathlib import Path

import pytest

from errcli.cli.files import write_whole
from errcli.errors import OutputError


@pytest.mark.parametrize(("name", "why"), [("taken", "Is a directory"), ("none/new.html", "No such file or directory")])
def test_what_cannot_be_written_is_told_and_leaves_nothing(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(OutputError) as failed:
        write_whole(str(tmp_path / name), b"new")
    assert (failed.value.what, failed.value.where) == (why, str(tmp_path / name))
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_the_old_file_stays_where_the_new_one_finds_no_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "r.html"
    file.write_bytes(b"old")
    full = OSError(28, "No space left on device")

    def fails(_: int) -> None:
        raise full

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(OutputError, match="No space left on device"):
        write_whole(str(file), b"new")
    assert file.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["r.html"]


def test_a_new_file_has_the_mode_that_the_umask_gives_and_an_old_one_keeps_its_own(tmp_path: Path) -> None:
    fresh, old = tmp_path / "fresh.html", tmp_path / "old.html"
    old.write_bytes(b"old")
    old.chmod(0o604)
    before = os.umask(0o027)
    try:
        for file in (fresh, old):
            write_whole(str(file), b"new")
    finally:
        os.umask(before)
    assert [stat.S_IMODE(file.stat().st_mode) for file in (fresh, old)] == [0o640, 0o604]
    assert [file.read_bytes() for file in (fresh, old)] == [b"new", b"new"]


def test_a_file_is_written_in_place_where_no_other_can_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "r.html"
    file.write_bytes(b"old")
    before = file.stat().st_ino
    monkeypatch.setattr(os, "access", lambda *_: False)  # whoever runs the tests may be allowed everything
    write_whole(str(file), b"new")
    assert (file.stat().st_ino, file.read_bytes()) == (before, b"new")


def test_a_link_stays_a_link_and_a_pipe_a_pipe(tmp_path: Path) -> None:
    link, pipe = tmp_path / "link.html", tmp_path / "pipe"
    link.symlink_to("r.html")
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDWR)  # so that neither end waits
    try:
        for path in (link, pipe):
            write_whole(str(path), b"new")
        assert os.read(reader, 10) == b"new"
    finally:
        os.close(reader)
    assert pipe.is_fifo()
    assert link.is_symlink()
    assert (tmp_path / "r.html").read_bytes() == b"new"
