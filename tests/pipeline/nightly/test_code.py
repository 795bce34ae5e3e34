"""The digest of a stage's code covers every function that runs in it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import scenegen
from scenegen.pipeline.nightly import chain
from scenegen.pipeline.nightly.code import closure, code_digest
from scenegen.pipeline.nightly.store import Store
from scenegen.scenario import load_scenario

ROOT = Path(scenegen.__file__).parent


def files_of(work: Callable[[], object]) -> set[Path]:
    """Return the files of scenegen of which any function is called."""
    seen: set[str] = set()

    def note(frame: FrameType, event: str, argument: Any) -> None:
        if event == "call" and frame.f_code.co_name != "<module>":
            seen.add(frame.f_code.co_filename)

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return {Path(name) for name in seen if name.startswith(str(ROOT))}


@pytest.mark.slow
def test_everything_that_runs_is_covered(tmp_path: Path) -> None:
    from scenegen.pipeline.config import GenerateConfig
    from scenegen.pipeline.nightly.drawing import drawn
    from scenegen.pipeline.nightly.labelling import labelled
    from scenegen.pipeline.nightly.simulating import simulated

    logical = load_scenario(str(Path(__file__).parents[2] / "data" / "tiny.yaml"))
    digest = logical.digest
    assert digest
    store = Store(tmp_path)
    ran = files_of(lambda: simulated(store, "aa", logical, 0, 0))
    # A logical scenario that is there already works out its own values.
    own = {path for path in ran if path.parent.name == "scenario"}
    assert len(ran) > 100
    assert ran - own <= closure((chain.SIMULATING,))
    config = GenerateConfig.parse({"out": "-", "layers": "all"})
    run = store.folder("simulate", "aa")
    drew = files_of(lambda: drawn(store, "bb", run, config, None))
    assert len(drew) > 60
    assert drew <= closure((chain.DRAWING,))
    drawing = store.folder("draw", "bb")
    told = files_of(lambda: labelled(store, "cc", run, drawing, config, None))
    assert len(told) > 60
    assert told <= closure((chain.LABELLING,))


def names_of(stage: str) -> set[str]:
    return {path.relative_to(ROOT).as_posix() for path in closure((stage,))}


def test_labels_are_no_part_of_drawing() -> None:
    names = names_of(chain.DRAWING)
    assert not {name for name in names if name.startswith(("annotate/", "monitor/"))}
    assert "ranging/labels.py" not in names
    assert "dataset/writer.py" not in names


def test_drawing_is_no_part_of_labels() -> None:
    names = names_of(chain.LABELLING)
    assert not {name for name in names if name.startswith(("render/", "simulate/"))}
    assert "ranging/lidar.py" not in names
    assert "annotate/objects.py" in names


def test_language_is_no_part_of_drawing() -> None:
    names = names_of(chain.DRAWING)
    assert "scenario/load.py" not in names
    assert "simulate/world.py" not in names
    assert "sample/draw.py" not in names
    assert "render/__init__.py" in names


def test_digest_is_of_content() -> None:
    assert code_digest(chain.SIMULATING) == code_digest(chain.SIMULATING)
    assert code_digest(chain.SIMULATING) != code_digest(chain.DRAWING)
