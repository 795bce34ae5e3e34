"""Scenes are verified by the processes that make them, each once, whatever happens meanwhile."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from scenegen.dataset.layout import MANIFEST
from scenegen.pipeline.nightly.observing import at_work
from scenegen.pipeline.nightly.store import Store
from scenegen.pipeline.nightly.verifying import VerifyTask, verify_key, verify_noted
from scenegen.pipeline.verify_scene import SceneToVerify


@pytest.fixture
def checked(night):
    """A plan whose scenes are verified, and are long enough for that to be seen."""
    night.edit("verify: false", "verify: true")
    for name, top in (("calm", 10), ("brisk", 14)):
        night.scenario(name, top)
        path = night.folder / f"{name}.yaml"
        path.write_text(path.read_text().replace("duration: 0.2 s", "duration: 2 s"))
    return night


def when_verifying(out: Path, act) -> threading.Thread:
    """Do something with the process that is seen to verify first, and its scene."""

    def look() -> None:
        while True:
            for at in at_work(out / "store"):
                if at.stage == "verify":
                    act(int(at.worker.rpartition(":")[2]))
                    return
            time.sleep(0.001)

    looker = threading.Thread(target=look, daemon=True)
    looker.start()
    return looker


def verified(out: Path) -> list[str]:
    """Return the scenes that the log says were verified."""
    lines = [json.loads(line) for line in (out / "log.jsonl").read_text().splitlines()]
    return [line["scene"] for line in lines if line.get("stage") == "verify"]


@pytest.mark.slow
class TestVerifying:
    def test_killed_while_it_verifies(self, checked) -> None:
        looker = when_verifying(checked.out, lambda pid: os.kill(pid, signal.SIGKILL))
        result = checked.run(workers=1)
        assert not looker.is_alive()
        assert result.ok
        told = {gate.name: gate.told for gate in result.version.gates}
        assert told["verify"] == "4 scenes, 80 frames: every check holds"
        assert sorted(set(verified(checked.out))) == sorted(verified(checked.out))
        assert len(verified(checked.out)) == 4

    def test_stopped_while_it_verifies(self, checked, request: pytest.FixtureRequest) -> None:
        # A signal that comes after the night's end fails this test, not the process of all tests.
        before_it = signal.signal(signal.SIGTERM, lambda *_: None)
        request.addfinalizer(lambda: signal.signal(signal.SIGTERM, before_it))
        looker = when_verifying(checked.out, lambda _: os.kill(os.getpid(), signal.SIGTERM))
        result = checked.run(workers=1)
        assert not looker.is_alive()
        assert result.version is None
        assert result.stopped == "asked to stop by SIGTERM"
        before = verified(checked.out)
        assert 1 <= len(before) < 4
        assert not (checked.out / "tiny/latest.json").exists()
        assert checked.run().ok
        # Each scene once: what held before the end is not read again.
        assert len(verified(checked.out)) == 4
        assert verified(checked.out)[: len(before)] == before

    def test_what_nobody_vouches_for_is_not_noted(self, checked, tmp_path: Path) -> None:
        result = checked.run()
        data = checked.out / "tiny/versions" / result.version.id / "data"
        manifest = json.loads((data / "dataset.json").read_text())["manifests"]["calm-000000"]
        path = data / "scenes/calm-000000" / MANIFEST
        text = path.read_text()
        path.unlink()  # a link into the store
        store = Store(tmp_path / "another")
        scene = SceneToVerify(str(data), "calm-000000")
        task = VerifyTask(str(store.root), manifest, scene, False, {})
        for content, noted in ((text + "\n", False), (text, True)):
            path.write_text(content)
            assert verify_noted(task).findings.violations == ()
            assert (store.made("verify", verify_key(manifest)) is not None) == noted
