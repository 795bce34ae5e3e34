"""Whatever happens to a run, the next one ends where an undisturbed one would have."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from xml.etree import ElementTree as ET

import psutil
import pytest

from scenegen.dataset.storage import FolderLock
from scenegen.errors import OutputError, StorageError
from scenegen.pipeline.nightly import assemble, store
from scenegen.pipeline.nightly import night as one_night
from scenegen.pipeline.nightly.guard import Guard
from tests.pipeline.nightly.processes import workers_of

VERB = [sys.executable, "-m", "scenegen", "nightly"]


def begun(out: Path) -> None:
    """Wait until a run has stored its first scene."""
    while not list(out.glob("store/draw/??/[!.]*/made.json")):
        time.sleep(0.02)


@pytest.mark.slow
class TestFaults:
    def test_killed_workers(self, night, digest: str) -> None:
        killed: list[int] = []

        def kill() -> None:
            begun(night.out)
            for worker in workers_of(psutil.Process()):
                worker.kill()
                killed.append(worker.pid)

        killer = threading.Thread(target=kill)
        killer.start()
        result = night.run()
        killer.join()
        assert killed
        assert result.version.digest == digest

    @pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
    def test_ended_driver(self, night, digest: str, number: int) -> None:
        keys = [f"plan={night.plan}", f"out={night.out}", "min_free_gb=0"]
        with subprocess.Popen(
            [*VERB, *keys], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as run:
            begun(night.out)
            os.kill(run.pid, number)
            told = run.communicate(timeout=120)[0]
        there = night.entries("draw")
        assert 1 <= len(there) < 4
        assert run.returncode == (1 if number == signal.SIGTERM else -signal.SIGKILL)
        if number == signal.SIGTERM:
            assert "stopped: asked to stop by SIGTERM; the same command goes on" in told
        result = night.run()
        assert result.version.digest == digest
        after = night.entries("draw")
        assert all(after[key] == when for key, when in there.items())

    def test_full_disk_while_a_version_is_put_together(
        self, night, digest: str, monkeypatch
    ) -> None:
        calls = []

        def full(source: Path, target: Path) -> None:
            calls.append(target)
            if len(calls) == 5:
                raise OSError(28, "No space left on device", str(target))
            os.link(source, target)

        monkeypatch.setattr(assemble, "_link", full)
        with pytest.raises(StorageError, match="no space left"):
            night.run()
        assert not (night.out / "tiny/latest.json").exists()
        monkeypatch.undo()
        assert night.run().version.digest == digest

    @pytest.mark.parametrize(
        ("name", "without", "expected"),
        [
            # Runs are read where something has to be drawn from them, drawings to label them.
            ("simulate/??/*/made.json", "draw", (1, 4, 0)),
            ("simulate/??/*/scenario.json", "draw", (1, 4, 0)),
            ("simulate/??/*/trajectory.npz", "draw", (1, 4, 0)),
            ("draw/??/*/made.json", None, (0, 1, 0)),
            ("draw/??/*/files.json", "label", (0, 1, 4)),
            ("draw/??/*/front/raw/*.npz", "label", (0, 1, 4)),
            ("label/??/*/made.json", None, (0, 0, 1)),
            ("label/??/*/scenes/*/files.json", None, (0, 0, 1)),
            ("label/??/*/scenes/*/front/rgb/*.png", None, (0, 1, 1)),
        ],
    )
    def test_what_is_damaged_is_made_anew(
        self, night, digest: str, name: str, without, expected, monkeypatch, made_again
    ) -> None:
        night.edit("verify: false", "verify: true")

        def cut(*anything: object) -> None:
            raise StorageError("cut off before anything was checked")

        monkeypatch.setattr(one_night, "make_version", cut)
        with pytest.raises(StorageError, match="cut off"):
            night.run()
        monkeypatch.undo()
        before = {stage: night.entries(stage) for stage in ("simulate", "draw", "label")}
        path = sorted((night.out / "store").glob(name))[0]
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
        if without is not None:
            shutil.rmtree(night.out / "store" / without)
        result = night.run()
        assert result.ok
        assert result.version.digest == digest
        again = tuple(made_again(old, night.entries(s)) for s, old in before.items())
        assert again == expected

    def test_processes_that_die_before_they_begin(self, night, digest: str) -> None:
        killed: list[int] = []

        def kill() -> None:
            while not killed:
                for worker in workers_of(psutil.Process()):
                    worker.kill()
                    killed.append(worker.pid)

        killer = threading.Thread(target=kill)
        killer.start()
        result = night.run()
        killer.join()
        assert result.version.digest == digest

    def test_scenes_that_take_too_long_are_in_quarantine(self, night) -> None:
        result = night.run(scene_limit_s=0.01)
        assert not result.ok
        assert result.version.state == "candidate"
        assert set(result.version.quarantined.values()) == {"took longer than 0.01 s"}
        assert not (night.out / "tiny/latest.json").exists()
        folder = night.out / "tiny/versions" / result.version.id
        suites = ET.parse(folder / "junit.xml").getroot()
        assert suites.find("testsuite").get("failures") == "1"
        assert len(suites.findall("testsuite/testcase/error")) == 4
        assert night.run().version.quarantined == result.version.quarantined
        again = night.run(retry_quarantined=True)
        assert again.ok
        assert again.version.quarantined == {}

    def test_two_at_once(self, night) -> None:
        night.out.mkdir()
        lock = FolderLock(night.out)
        with pytest.raises(OutputError, match="another run is writing here"):
            night.run()
        lock.release()
        assert night.run().ok


def test_hours_are_over(tmp_path: Path) -> None:
    with Guard(tmp_path, 1e-9, 0.0) as guard:
        assert guard.stop()
        assert guard.reason == "max_hours=1e-09 are over"


def test_disk_is_nearly_full(tmp_path: Path) -> None:
    with Guard(tmp_path, None, 1e9) as guard:
        assert guard.stop()
        assert "less than min_free_gb=1e+09" in guard.reason


def test_a_signal_is_heard_once(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGTERM)
    with Guard(tmp_path, None, 0.0) as guard:
        assert not guard.stop()
        os.kill(os.getpid(), signal.SIGTERM)
        assert guard.stop()
        assert guard.reason == "asked to stop by SIGTERM"
    assert signal.getsignal(signal.SIGTERM) == before


def test_making_is_whole_or_not(tmp_path: Path) -> None:
    shelf = store.Store(tmp_path)

    def broken() -> None:
        with shelf.making("draw", "ab12") as folder:
            (folder / "half").write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken()
    assert shelf.made("draw", "ab12") is None
    assert list((tmp_path / "draw").glob("??/*")) == []
    for _ in range(2):
        with shelf.making("draw", "ab12") as folder:
            store.finish(folder, store.Made(value="v"))
    assert shelf.made("draw", "ab12") == store.Made(value="v")
