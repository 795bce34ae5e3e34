"""Croissant metadata: mlcroissant validates it and reads the records that it names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scenegen.dataset import LAYERS, Dataset, check_hashes, open_dataset
from scenegen.errors import InputError
from scenegen.exports import ExportFolder, Source
from scenegen.exports.croissant import KINDS, write_croissant
from tests.exports.outside import example_for, run_outside
from tests.exports.trees import written


@pytest.fixture(scope="module")
def exported(export_set: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("croissant") / "out"
    return written(write_croissant, Source(export_set, validation=0.3), out)


READ = """
import json, logging, sys
import numpy as np
import mlcroissant
logging.disable()
found = mlcroissant.Dataset(jsonld=sys.argv[1] + "/croissant.json")
def plain(value):
    return value.decode() if isinstance(value, bytes) else value
rows = [
    {key: plain(value) for key, value in row.items() if not key.startswith("frames/param.")}
    for row in found.records("frames")
]
pictures = {
    plain(row["pictures/path"]): int(np.asarray(row["pictures/picture"], np.int64).sum())
    for row in found.records("pictures")
}
splits = {r["splits/scene"]: r["splits/split"] for r in found.records("splits")}
issues = found.metadata.issues
said = {"rows": rows, "pictures": pictures, "splits": splits}
print(json.dumps(said | {"errors": list(issues.errors), "warnings": list(issues.warnings)}))
"""


def test_mlcroissant_validates_and_reads_it(
    exported: Path, export_set: Dataset, checkers: Path
) -> None:
    found = json.loads(run_outside(checkers, READ, exported).splitlines()[-1])
    assert found["errors"] == []
    # A date and a way to cite are the publisher's to give; nothing else is missed.
    assert all("citeAs" in w or "datePublished" in w for w in found["warnings"])
    truth = export_set.index.to_pylist()
    assert len(found["rows"]) == len(truth)
    for row, expected in zip(found["rows"], truth, strict=True):
        assert row == {f"frames/{k}": expected[k] for k in _plain(expected)}
    source = Source(export_set, validation=0.3)
    assert found["splits"] == {name: source.split(name) for name in export_set.scene_ids}
    pictures = {
        frame.path("rgb").relative_to(export_set.path).as_posix(): int(frame.rgb.sum(dtype=int))
        for scene in export_set
        for frame in scene.frames()
    }
    assert found["pictures"] == pictures


def _plain(row: dict[str, object]) -> list[str]:
    return [name for name in row if not name.startswith("param.")]


def test_it_is_the_same_set(exported: Path, export_set: Dataset) -> None:
    copied = open_dataset(exported)
    assert copied.digest() == export_set.digest()
    assert not list(check_hashes(copied))


def test_every_layer_has_a_name() -> None:
    assert set(LAYERS) <= set(KINDS)


def test_only_the_whole_set(export_set: Dataset, tmp_path: Path) -> None:
    with (
        pytest.raises(InputError, match="it takes no sensors="),
        ExportFolder(tmp_path / "out") as folder,
    ):
        write_croissant(Source(export_set, sensors=("front",)), folder)
    assert not (tmp_path / "out").exists()


def test_documented_lines_run(exported: Path, export_set: Dataset, checkers: Path) -> None:
    code = example_for("Croissant", exported) + "\nprint(len(crowded))"
    rows = export_set.index["count.person"].to_pylist()
    found = int(run_outside(checkers, code).splitlines()[-1])
    assert found == sum(people > 3 for people in rows) > 0
