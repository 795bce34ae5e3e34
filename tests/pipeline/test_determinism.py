"""The same bytes for any number of workers, any order, and after being killed."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scenegen.dataset import digest, open_dataset
from scenegen.errors import DatasetError, OutputError
from scenegen.pipeline.config import GenerateConfig, ReplayConfig, VerifyConfig
from scenegen.pipeline.generate import generate
from scenegen.pipeline.replay import replay
from scenegen.pipeline.verify import verify

TINY = str(Path(__file__).parents[1] / "data" / "tiny.yaml")
SCENES = 4


def command(out: Path, *words: str) -> list[str]:
    keys = [f"scenario={TINY}", f"num_scenes={SCENES}", "seed=0", f"out={out}", *words]
    return [sys.executable, "-m", "scenegen", "generate", *keys]


def make(out: Path, *words: str) -> str:
    subprocess.run(command(out, *words), check=True, capture_output=True)
    return digest(open_dataset(out))


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A set that this process makes; others must make the same."""
    out = tmp_path_factory.mktemp("determinism") / "one"
    generate(GenerateConfig(scenario=TINY, num_scenes=SCENES, out=str(out)), io.StringIO())
    return out


@pytest.fixture(scope="module")
def third(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A set of the third scene only: what is damaged in it is found sooner."""
    out = tmp_path_factory.mktemp("determinism") / "third"
    generate(GenerateConfig(scenario=TINY, num_scenes=1, first=2, out=str(out)), io.StringIO())
    return out


def wait_for_a_scene(process: subprocess.Popen[str], out: Path) -> None:
    """Return as soon as a run has written a scene, however long a busy machine takes."""
    while not list(out.glob("scenes/tiny-*")):
        assert process.poll() is None, "it ended without a scene"
        time.sleep(0.02)


def test_two_workers_make_the_same_bytes(one: Path, tmp_path: Path) -> None:
    assert make(tmp_path / "two", "workers=2") == digest(open_dataset(one))


def test_a_killed_run_resumes_to_the_same_bytes(one: Path, tmp_path: Path) -> None:
    out = tmp_path / "killed"
    process = subprocess.Popen(command(out, "workers=2"), stderr=subprocess.DEVNULL, text=True)
    wait_for_a_scene(process, out)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    kept = {path.name: path.stat().st_mtime_ns for path in out.glob("scenes/tiny-*")}
    assert 1 <= len(kept) < SCENES
    assert make(out, "resume=true") == digest(open_dataset(one))
    for name, changed in kept.items():
        assert (out / "scenes" / name).stat().st_mtime_ns == changed, "whole scenes are kept"


def test_an_interrupt_leaves_whole_scenes_and_an_index(tmp_path: Path) -> None:
    out = tmp_path / "interrupted"
    # Many scenes, so that the run can't be over before the signal comes.
    process = subprocess.Popen(
        command(out, "num_scenes=60"),
        stderr=subprocess.PIPE,
        text=True,
        # A test run in the background of a shell inherits that interrupts are ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    wait_for_a_scene(process, out)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    assert process.returncode == 130
    assert "Traceback" not in err
    dataset = open_dataset(out)
    assert 1 <= len(dataset) < 60
    assert not list(out.glob("scenes/.tmp-*"))
    assert not dataset.info.complete
    assert dataset.index.num_rows == 5 * len(dataset)


def test_scenes_do_not_depend_on_their_company(one: Path, third: Path) -> None:
    alone, among = (path / "scenes" / "tiny-000002" for path in (third, one))
    assert (alone / "files.json").read_bytes() == (among / "files.json").read_bytes()


def test_draws_differ(one: Path) -> None:
    scenes = list(open_dataset(one))
    speeds = {scene.scenario.parameters["ego_speed"] for scene in scenes}
    assert len(speeds) == SCENES
    frames = {scene.frames()[0].path("rgb").read_bytes() for scene in scenes}
    assert len(frames) == SCENES


def test_replay_makes_every_byte_again(one: Path) -> None:
    result = replay(ReplayConfig(dataset=str(one), scene="tiny-000001"))
    assert result.different == ()
    assert result.compared == 2 + 5 * 7 + 1


def test_a_fast_data_set_has_the_same_labels_and_replays(one: Path, tmp_path: Path) -> None:
    out = tmp_path / "fast"
    config = GenerateConfig(scenario=TINY, num_scenes=1, out=str(out), quality="fast")
    generate(config, io.StringIO())
    dataset = open_dataset(out)
    assert dataset.info.config["quality"] == "fast"
    assert verify(VerifyConfig(dataset=str(out)), io.StringIO()).violations == ()
    assert not replay(ReplayConfig(dataset=str(out), scene="tiny-000000")).different
    for path in (out / "scenes").rglob("*.*"):
        if path.name != "files.json":
            same = path.read_bytes() == (one / path.relative_to(out)).read_bytes()
            assert same == ("rgb" not in path.parts), path


def test_replay_names_what_was_edited(third: Path, tmp_path: Path) -> None:
    copy = tmp_path / "edited"
    shutil.copytree(third, copy)
    target = copy / "scenes/tiny-000002/front/rgb/000003.png"
    target.write_bytes((target.parent / "000002.png").read_bytes())
    result = replay(ReplayConfig(dataset=str(copy), scene="tiny-000002"))
    assert result.different == ("front/rgb/000003.png",)


def test_an_honest_data_set_verifies(one: Path) -> None:
    result = verify(VerifyConfig(dataset=str(one)), io.StringIO())
    assert result.violations == ()
    assert result.frames == 5 * SCENES
    assert all(count > 0 for count in result.checked.values())


@pytest.mark.parametrize(
    ("name", "damage", "said"),
    [
        ("front/depth/000001.png", "truncate", "depth/000001.png"),
        ("front/labels/000001.json", "remove", "labels/000001.json"),
        ("trajectory.npz", "truncate", "trajectory.npz"),
        ("scenario.json", "edit", "scenario.json"),
        ("files.json", "edit", "files.json"),
        ("front/instance/000000.png", "swap", "instance/000000.png"),
    ],
)
def test_damage_is_named_and_nothing_crashes(
    third: Path, tmp_path: Path, name: str, damage: str, said: str
) -> None:
    copy = tmp_path / "damaged"
    shutil.copytree(third, copy)
    target = copy / "scenes/tiny-000002" / name
    if damage == "truncate":
        target.write_bytes(target.read_bytes()[:-40])
    elif damage == "remove":
        target.unlink()
    elif damage == "swap":
        target.write_bytes((target.parent / "000004.png").read_bytes())
    else:
        target.write_bytes(target.read_bytes().replace(b"tiny", b"tiyn", 1))
    result = verify(VerifyConfig(dataset=str(copy)), io.StringIO())
    assert any(said in violation for violation in result.violations)


def test_two_runs_do_not_share_a_folder(one: Path) -> None:
    with pytest.raises(OutputError, match="resume=true"):
        generate(GenerateConfig(scenario=TINY, num_scenes=SCENES, out=str(one)), io.StringIO())
    other = GenerateConfig(scenario=TINY, num_scenes=SCENES, seed=1, out=str(one), resume=True)
    with pytest.raises(OutputError, match="another data set"):
        generate(other, io.StringIO())


def test_no_data_set_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no such folder"):
        verify(VerifyConfig(dataset=str(tmp_path / "nothing")), io.StringIO())
