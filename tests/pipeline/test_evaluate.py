"""`scenegen evaluate` as a user runs it, on small drawn sets: numbers, gate, resume, bad input."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from scenegen.cli import main
from scenegen.evaluate.adapters import ADAPTERS
from scenegen.evaluate.evaluation import Evaluation
from scenegen.pipeline.config import CONFIGS
from scenegen.pipeline.config_base import known_keys
from scenegen.seeds import named_generator

CLASSES = """
name: drawn
classes:
  - {id: 0, name: road}
  - {id: 1, name: sky}
  - {id: 2, name: car}
  - {id: 3, name: person}
"""
SMALL = (
    "limit=24",
    "limit_real=24",
    "utility.real=[4]",
    "utility.steps=2",
    "utility.width=96",
    "utility.batch=2",
    "gaps.num_scenes=4",
)


def draw_set(root: Path, splits: dict[str, int], seed: int, truth: bool = True) -> Path:
    """Write a folder of streets with cars and people; 6 pictures a drive."""
    generator = named_generator("drawn", seed)
    if truth:
        root.mkdir(parents=True)
        (root / "classes.yaml").write_text(CLASSES)
    for split, count in splits.items():
        for number in range(count):
            ids = np.zeros((72, 96), np.uint8)
            ids[: int(generator.integers(28, 36))] = 1
            for class_id, height, width in ((2, 16, 26), (3, 26, 9)):
                x, y = generator.integers(0, 70), generator.integers(30, 44)
                ids[y : y + height, x : x + width] = class_id
            colors = np.array([[90, 90, 95], [150, 180, 220], [160, 30, 30], [40, 60, 40]])
            picture = colors[ids] + generator.normal(0, 12, (72, 96, 3))
            place = Path(split, f"{split or 'd'}{number // 6}", f"{number:03d}.png")
            for kind, pixels in (("images", picture[..., ::-1]), ("masks", ids)):
                if kind == "images" or truth:
                    path = root / kind / place
                    path.parent.mkdir(parents=True, exist_ok=True)
                    cv2.imwrite(str(path), np.clip(pixels, 0, 255).astype(np.uint8))
    return root


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a real set in three splits and a synthetic one."""
    folder = tmp_path_factory.mktemp("sets")
    draw_set(folder / "real", {"train": 12, "val": 12, "test": 24}, 1)
    draw_set(folder / "made", {"": 24}, 2)
    return folder


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(["evaluate", *words])
    assert isinstance(end.value.code, int)
    return end.value.code


def read(out: Path) -> Evaluation:
    return Evaluation.model_validate_json((out / "evaluation.json").read_text())


@pytest.mark.slow
def test_a_whole_evaluation_and_its_resume(
    sets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    words = [f"dataset={sets}/made", f"real={sets}/real", f"out={out}", *SMALL]
    assert run(*words, "gate.kid<=100", "gate.miou>=0") == 0
    printed = capsys.readouterr()
    assert "fidelity.kid" in printed.out
    assert "evaluate" in printed.err  # progress as plain lines
    found = read(out)
    assert [s.role for s in found.sets] == ["synthetic", "test", "train", "val"]
    names = {section.name for d in found.datasets for section in d.sections}
    assert names == {"fidelity", "diversity", "utility", "bias", "gaps", "privacy"}
    assert {s.name for s in found.shared} == {"classes", "leakage"}
    for section in (*found.shared, *found.datasets[0].sections):
        for result in section.results:
            assert (result.value is None) == (result.ci_low is None) == (result.ci_high is None), (
                result.name
            )
            if result.value is None:
                assert result.note
            else:
                assert result.ci_low <= result.value <= result.ci_high, result.name
    assert all(line.passed for line in found.gate)
    page = (out / "report.html").read_text()
    assert "http://" not in page
    assert "https://" not in page

    assert run(*words) == 2
    assert "resume=true" in capsys.readouterr().err
    kept = {path: path.stat().st_mtime_ns for path in (out / "kept").rglob("*.npz")}
    assert run(*words, "resume=true", "gate.kid<=-100") == 1
    assert kept == {path: path.stat().st_mtime_ns for path in (out / "kept").rglob("*.npz")}
    again = read(out)
    assert again.datasets == found.datasets
    assert [line.passed for line in again.gate] == [False]

    assert run(*words, "resume=true", "gate.kidd<=1") == 2
    assert "did you mean 'kid'" in capsys.readouterr().err
    assert read(out).datasets == found.datasets


@pytest.mark.slow
def test_several_sets_and_pictures_without_truth(
    sets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = draw_set(tmp_path / "bare", {"": 12}, 3, truth=False)
    out = tmp_path / "out"
    both = f"dataset={sets}/made,folder:{bare},folder:{sets}/real@val"
    assert run(both, f"real={sets}/real", f"out={out}", *SMALL) == 0
    found = read(out)
    assert [d.name for d in found.datasets] == ["made", "bare", "real@val"]
    for dataset in found.datasets:
        names = {section.name for section in dataset.sections}
        assert {"fidelity", "diversity"} <= names
        assert "utility" not in names  # one of the sets has no truth to train on


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["dataset=/no/such", "real=REAL", "out=OUT"], "/no/such: no such folder"),
        (["dataset=MADE", "real=/no/such", "out=OUT"], "/no/such: no such folder"),
        (["dataset=MADE", "real=REAL", "out=OUT", "adapter=cityscape"], "did you mean"),
        (["dataset=MADE", "real=REAL", "out=OUT", "adapter=cityscapes"], "leftImg8bit"),
        (["dataset=MADE", "real=REAL", "out=OUT", "test_split=tset"], "did you mean 'test'"),
        (["dataset=MADE", "real=REAL", "out=OUT", "train_split=test"], "tested on and trained on"),
        (["dataset=MADE", "real=REAL", "out=OUT", "space=cityscapes"], "did you mean"),
        (["dataset=MADE", "real=REAL", "out=OUT", "features=inception"], "inception"),
        (["dataset=MADE", "real=REAL", "out=OUT", "features=inception:/no.pt"], "/no.pt"),
        (["dataset=MADE", "real=REAL", "out=OUT", "parts=[gaps]"], "gaps needs utility"),
        (["dataset=MADE", "real=REAL", "out=OUT", "parts=[fidelty]"], "parts"),
        (["dataset=MADE", "real=REAL", "out=OUT", "utility.stps=3"], "'utility.steps'"),
        (["dataset=MADE", "real=REAL", "out=OUT", "utility.task=boxes"], "no such truth"),
        (["dataset=MADE", "real=REAL", "out=OUT", "utility.model=no.such:thing"], "no.such"),
        (["dataset=MADE", "real=REAL", "out=OUT", "gate.kid<=much"], "write METRIC<=NUMBER"),
        (["dataset=,", "real=REAL", "out=OUT"], "names no data set"),
        (["real=REAL", "out=OUT"], "needs dataset"),
        (["dataset=MADE", "real=REAL", "out=MADE"], "holds other files"),
    ],
)
def test_bad_input_ends_with_2_before_any_work(
    words: list[str],
    said: str,
    sets: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    places = {"MADE": sets / "made", "REAL": sets / "real", "OUT": tmp_path / "out"}
    for name, path in places.items():
        words = [word.replace(name, str(path)) for word in words]
    assert run(*words) == 2
    err = capsys.readouterr().err
    assert err.startswith("scenegen: ")
    assert "Traceback" not in err
    assert said in err
    assert not (tmp_path / "out" / "kept").exists()


def test_a_set_of_one_split_is_cut_by_drives(sets: Path, tmp_path: Path) -> None:
    real = draw_set(tmp_path / "one", {"": 36}, 4)
    out = tmp_path / "out"
    words = [f"dataset={sets}/made", f"real={real}", f"out={out}", "parts=[leakage]"]
    assert run(*words) == 0
    found = read(out)
    by_role = {s.role: s for s in found.sets}
    assert by_role.keys() == {"synthetic", "test", "train", "val"}
    assert all("cut here by drives" in by_role[role].note for role in ("test", "train", "val"))


def test_the_documents_name_every_adapter_and_every_key_is_in_the_configuration() -> None:
    documents = (Path(__file__).parents[2] / "docs" / "evaluation.md").read_text()
    for name, info in ADAPTERS.items():
        assert f"| `{name}` | {info.summary} |" in documents
    keys = known_keys(CONFIGS["evaluate"])
    assert {"utility.steps", "gate", "features"} <= keys.keys()


def test_an_evaluation_reads_back_as_it_was_written() -> None:
    whole = Evaluation(
        scenegen_version="0",
        config={"seed": 1},
        sets=(),
        models={},
        shared=(),
        datasets=(),
        gate=(),
        seconds={"fidelity": 1.5},
    )
    assert Evaluation.model_validate(json.loads(whole.model_dump_json())) == whole
