"""Every kind of file of a data set, damaged in every way: named by whoever reads it, no crash."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scenegen.dataset import digest, open_dataset
from scenegen.errors import ScenegenError
from scenegen.exports import FORMATS
from scenegen.pipeline.config import (
    ExportConfig,
    GenerateConfig,
    ReplayConfig,
    ReportConfig,
    VerifyConfig,
)
from scenegen.pipeline.export import export
from scenegen.pipeline.export_formats import SCENE_FORMATS
from scenegen.pipeline.generate import generate
from scenegen.pipeline.replay import replay
from scenegen.pipeline.report import report
from scenegen.pipeline.verify import verify

TINY = Path(__file__).parents[1] / "data" / "tiny.yaml"
SENSORS = """sensors:
  front: {width: 64, height: 48}
  roof: {kind: lidar, pattern: spinning, channels: 8, columns: 128,
         elevation: [-25 deg, 15 deg], rate: 10 Hz, position: [0 m, 0 m, 1.9 m]}
  ahead: {kind: radar, hfov: 60 deg, vfov: 14 deg, far: 100 m, rate: 10 Hz,
          azimuth_resolution: 3 deg, position: [2.2 m, 0 m, 0.5 m]}
monitors:
  slow: always(speed(ego) < 50 km/h)
"""
OF_SCENES = (
    *(f"front/{layer}/000000.png" for layer in
      ("rgb", "depth", "semantic", "instance", "normal", "flow")),
    "front/labels/000000.json",
    *("roof/points/000000.bin", "roof/labels/000000.label", "roof/beams/000000.bin"),
    "roof/boxes/000000.json",
    *("ahead/points/000000.bin", "ahead/labels/000000.label", "ahead/boxes/000000.json"),
    *("scenario.json", "trajectory.npz", "files.json"),
)  # fmt: skip
OF_SETS = ("dataset.json", "index.parquet", "searched.parquet")
RAW = (".bin", ".label")


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    """Return a searched and signed data set of two scenes by three kinds of sensors."""
    folder = tmp_path_factory.mktemp("damage")
    text = TINY.read_text().replace("scenario: tiny", "scenario: fragile")
    text = text.replace("duration: 0.5 s", "duration: 0.2 s")
    own = "sensors:\n  front: {width: 160, height: 96}\n"
    assert own in text
    (folder / "fragile.yaml").write_text(text.replace(own, SENSORS))
    keys = {"scenario": str(folder / "fragile.yaml"), "out": str(folder / "set"), "num_scenes": 2}
    searched = {"keep_if": "not slow", "budget": 40, "c2pa": {"sign": True}, "quality": "fast"}
    assert not generate(GenerateConfig.parse(keys | searched), io.StringIO()).failed
    return folder / "set"


@pytest.fixture(scope="module", autouse=True)
def _own_keys(tmp_path_factory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("keys")))
        yield


def names_of(root: Path) -> dict[str, str]:
    """Return one file of each kind, with another of the same kind (of the other scene)."""
    first, second = (path.name for path in sorted((root / "scenes").iterdir()))
    names = {f"scenes/{first}/{name}": f"scenes/{second}/{name}" for name in OF_SCENES}
    picture = "front/000000.c2pa"
    return names | {name: name for name in OF_SETS} | {
        f"c2pa/{first}/{picture}": f"c2pa/{second}/{picture}"
    }  # fmt: skip


KINDS = (*OF_SCENES, *OF_SETS, "front/000000.c2pa")


def flipped(at: float) -> Callable[[bytes], bytes]:
    def flip(data: bytes) -> bytes:
        changed = bytearray(data)
        changed[int(at * (len(data) - 1))] ^= 0x10
        return bytes(changed)

    return flip


def edited(change: Callable[[dict], object]) -> Callable[[bytes], bytes]:
    def edit(data: bytes) -> bytes:
        content = json.loads(data)
        change(content)
        return json.dumps(content).encode()

    return edit


BYTES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "cut in half": lambda data: data[: len(data) // 2],
    "cut by a byte": lambda data: data[:-1],
    "foreign": lambda _: b"foreign",
    "binary": lambda _: bytes(range(256)) * 3 + b"\xff",
    "head flipped": flipped(0.0),
    "third flipped": flipped(0.33),
    "middle flipped": flipped(0.5),
    "tail flipped": flipped(0.97),
    "longer": lambda data: data + b"\0" * 3,
}
JSON: dict[str, Callable[[bytes], bytes]] = {
    "no object": lambda _: b"[1, 2]",
    "a field gone": edited(lambda content: content.pop(sorted(content)[-1])),
    "a field more": edited(lambda content: content.update(zzz=1)),
    "a field of another type": edited(lambda c: c.update({sorted(c)[0]: {"a": [None]}})),
    "not a number": lambda data: re.sub(rb":\s?\d", b":NaN", data, count=1),
    "nested": lambda _: b'{"a":' * 3000 + b"1" + b"}" * 3000,
}
VERSION = edited(lambda content: content.update(schema_version=2))
WAYS = ("missing", "a folder", "a link", "swapped", *BYTES)
UNSEEN = frozenset({"swapped", *(way for way in BYTES if "flipped" in way), *JSON, "longer"})
"""What a reader of one file may not be able to see; `verify` does."""


ALWAYS = ("digest", "report")
SOME = 5
"""Of the readers that draw or export, each meets every so many-th way."""


def ways_for(name: str) -> list[str]:
    ways = [*WAYS, *(JSON if name.endswith(".json") else ())]
    if name.endswith(("dataset.json", "files.json")):
        ways.append("version")
    if name in OF_SETS:
        ways.remove("swapped")
    return ways


@contextmanager
def damaged(root: Path, name: str, other: str, way: str) -> Iterator[None]:
    """Damage a file for the time of a context; AssertionError if that changed nothing."""
    path = root / name
    data = path.read_bytes()
    aside = root.parent / "aside"
    try:
        if way == "version":
            path.write_bytes(VERSION(data))
        elif way == "swapped":
            path.write_bytes((root / other).read_bytes())
        elif way in BYTES or way in JSON:
            path.write_bytes((BYTES | JSON)[way](data))
        else:
            path.unlink()
            if way == "a folder":
                path.mkdir()
            elif way == "a link":
                aside.write_bytes(data)
                path.symlink_to(aside)
        assert not path.is_file() or path.is_symlink() or path.read_bytes() != data
        yield
    finally:
        if path.is_dir():
            path.rmdir()
        path.unlink(missing_ok=True)
        aside.unlink(missing_ok=True)
        path.write_bytes(data)


def told(work: Callable[[], object]) -> str:
    """Return what reading says, as an error for the user or as a list; nothing if it is content."""
    try:
        return str(work() or "")
    except ScenegenError as error:
        return str(error)


def read_all(root: Path) -> None:
    data = open_dataset(root)
    assert len(data.filter("frame >= 0").frames("front", layers=["rgb"])) == data.index.num_rows / 3
    for scene in data:
        assert scene.trajectory.column(scene.scenario.ego.instance_id) == 0
        for frame in scene.frames():
            assert frame.labels.frame == frame.index
            for layer in frame.entry.layers:
                frame.layer(layer)
        for sweep in scene.sweeps():
            assert len(sweep.sweep.points) >= len(sweep.labels.objects)
        for scan in scene.scans():
            assert len(scan.scan.points) >= len(scan.labels.objects)


def verified(root: Path) -> str:
    result = verify(VerifyConfig.parse({"dataset": str(root)}), io.StringIO())
    return "\n".join(result.violations)


def readers_of(root: Path, out: Path) -> dict[str, Callable[[], object]]:
    """Return everything that reads a data set, by name."""
    scene = open_dataset_ids(root)[0]
    page = ReportConfig.parse({"dataset": str(root), "out": str(out / "r.html")})
    again = ReplayConfig.parse({"dataset": str(root), "scene": scene})
    return {
        "digest": lambda: digest(open_dataset(root)) and "",
        "report": lambda: report(page) and "",
        "replay": lambda: "\n".join(replay(again).different),
        **{f"export {name}": exporter(root, name, out) for name in (*SCENE_FORMATS, *FORMATS)},
    }


def open_dataset_ids(root: Path) -> list[str]:
    return sorted(path.name for path in (root / "scenes").iterdir())


def exporter(root: Path, name: str, out: Path) -> Callable[[], object]:
    def run() -> None:
        shutil.rmtree(out / "export", ignore_errors=True)
        keys = {"dataset": str(root), "format": name, "out": str(out / "export")}
        export(ExportConfig.parse(keys), io.StringIO())

    return run


def full_name(root: Path, kind: str) -> tuple[str, str]:
    return next((n, o) for n, o in names_of(root).items() if n == kind or n.endswith(f"/{kind}"))


def unvouched(name: str, way: str) -> bool:
    """Say whether nothing speaks for what was changed.

    Nobody vouches for ``dataset.json`` itself, whose texts may be any, nor for the length and the
    padding around what a C2PA signature signs.
    """
    if name == "dataset.json":
        return way in UNSEEN or way in {"cut by a byte", "a link"}
    return name.endswith(".c2pa") and way in {"head flipped", "tail flipped", "longer"}


def hold(root: Path, kind: str, way: str) -> None:
    """Damage one file and hold what `verify` and the reader say of it against what they must."""
    name, other = full_name(root, kind)
    with damaged(root, name, other, way):
        found = told(lambda: verified(root))
        if not unvouched(name, way):
            said = str(Path(name).parent).removeprefix("c2pa/") if ".c2pa" in name else name
            assert said in found, f"verify of {name}, {way}: {found[:300]!r}"
        read = told(lambda: read_all(root))
        if name.endswith((".c2pa", "searched.parquet")) or way in UNSEEN or "link" in way:
            return
        if way == "cut by a byte" and name.endswith(".json"):
            return  # the line's end
        where = Path(name).parent.parent if name.endswith(RAW) else Path(name)
        assert str(where) in read, f"reading {name}, {way}: {read[:300]!r}"


def test_an_undamaged_set_satisfies_all_readers(root, tmp_path):
    assert told(lambda: verified(root)) == ""
    assert told(lambda: read_all(root)) == ""
    for reader, run in readers_of(root, tmp_path).items():
        assert told(run) == "", reader


@pytest.mark.parametrize(
    ("kind", "way"),
    [(kind, way) for i, kind in enumerate(KINDS) for way in ways_for(kind)[i % 3 :: 5]],
)
def test_some_ways_of_damaging_every_kind_of_file(root, kind, way):
    hold(root, kind, way)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_every_way_of_damaging_every_kind_of_file(root, kind):
    for way in ways_for(full_name(root, kind)[0]):
        hold(root, kind, way)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_reads_a_damaged_set_crashes(root, kind, tmp_path):
    name, other = full_name(root, kind)
    readers = readers_of(root, tmp_path)
    for i, way in enumerate(ways_for(name)):
        with damaged(root, name, other, way):
            for j, (reader, run) in enumerate(readers.items()):
                if reader not in ALWAYS and (i + j) % SOME:
                    continue
                said = told(run)  # anything but an error for the user goes through
                if reader == "replay" and name.startswith("scenes/") and way != "a link":
                    assert Path(name).name in said, f"{reader} of {name}, {way}: {said!r}"


def test_foreign_files_are_named(root):
    for name in ("notes.txt", "front/rgb/000000.jpg", "front/extra/000000.png"):
        path = root / "scenes" / open_dataset_ids(root)[0] / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
        try:
            assert f"{name}: not listed in files.json" in verified(root)
            read_all(root)
        finally:
            path.unlink()
            if path.parent.name == "extra":
                path.parent.rmdir()
