"""An export's folder is there whole, or not at all."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from scenegen.errors import OutputError
from scenegen.exports import ExportFolder


def test_files_appear_together(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    with ExportFolder(out) as folder:
        folder.write("a/b.txt", b"1")
        folder.copy("c.txt", Path(__file__))
        assert not out.exists()
    assert sorted(p.name for p in out.rglob("*") if p.is_file()) == ["b.txt", "c.txt"]
    assert [p.name for p in out.parent.iterdir()] == ["out"]
    assert folder.names == ("a/b.txt", "c.txt")


def test_a_file_has_two_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with ExportFolder(tmp_path / "out") as folder:
        folder.write("a.txt", b"1")
        folder.repeat("deep/b.txt", "a.txt")
        monkeypatch.setattr("os.link", _no_links)
        folder.repeat("deep/c.txt", "a.txt")
    first, second, third = (tmp_path / "out" / name for name in folder.names)
    assert first.read_bytes() == second.read_bytes() == third.read_bytes() == b"1"
    assert first.samefile(second)
    assert not first.samefile(third)


def _no_links(of: Path, name: Path) -> None:
    raise OSError(errno.EPERM, "none here")


def test_nothing_stays_after_an_error(tmp_path: Path) -> None:
    def fail() -> None:
        with ExportFolder(tmp_path / "out") as folder:
            folder.write("a.txt", b"1")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_is_taken_over(tmp_path: Path) -> None:
    left = tmp_path / ".out.tmp"
    (left / "old").mkdir(parents=True)
    (left / "old.txt").write_bytes(b"0")
    with ExportFolder(tmp_path / "out") as folder:
        folder.write("new.txt", b"1")
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["new.txt"]


def test_two_at_once(tmp_path: Path) -> None:
    with ExportFolder(tmp_path / "out") as folder:
        folder.write("a.txt", b"1")
        with pytest.raises(OutputError, match="another run"), ExportFolder(tmp_path / "out"):
            pass
    assert (tmp_path / "out" / "a.txt").read_bytes() == b"1"


def test_a_folder_in_use_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_bytes(b"1")
    with pytest.raises(OutputError, match="holds something already"):
        ExportFolder(tmp_path)


@pytest.mark.parametrize("name", ["/etc/passwd", "../up.txt", "a/../../up.txt", "twice.txt"])
def test_names_stay_within(tmp_path: Path, name: str) -> None:
    with ExportFolder(tmp_path / "out") as folder:
        folder.write("twice.txt", b"1")
        with pytest.raises(ValueError, match="no new file"):
            folder.write(name, b"2")
