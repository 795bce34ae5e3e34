"""Panoramas are brought in as packs are, and a scene that one lights says so."""

from __future__ import annotations

import base64
import io
import json
import sys
import tarfile
from pathlib import Path

import numpy as np
import OpenEXR
import pytest

from scenegen import assets
from scenegen.assets.packs import importer, rows, store
from scenegen.assets.packs.attribution import LICENCES
from scenegen.assets.packs.skies import convert_sky
from scenegen.errors import AssetError, ScenarioError
from scenegen.records.conditions import ANALYTIC_SKY

ROWS = """
name: airs
sources:
  own: {kind: npm, package: "@own/airs", url: https://example.org, key: skies}
skies:
- id: airs.half
  what: blue above, brown below
  source: own
  model: package/hdri/half.exr.js
  licence: CC0-1.0
  creator: Nobody
  url: https://example.org/half
"""
ROW = rows.SkyRow(
    id="airs.half",
    what="",
    source="own",
    model="half.exr.js",
    licence="CC0-1.0",
    creator="Nobody",
    url="",
)
SCENARIO = """scenario: street
description: x
odd: [urban]
duration: 0.2 s
road: {kind: straight, length: 100 m, surroundings: motorway, lanes_backward: 0}
weather: {sky: SKY}
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 20 m}}
actors:
  other: {asset: vehicle.suv, place: {lane: forward_0, s: 32 m}}
sensors:
  front: {width: 160, height: 96}
"""


def picture(height: int = 32, width: int = 64) -> np.ndarray:
    made = np.full((height, width, 3), (0.2, 0.5, 1.0), np.float32)
    made[height // 2 :] = (0.3, 0.2, 0.1)
    made[height // 4, width // 3] = 5000.0
    return made


def script(folder: Path, pixels: np.ndarray) -> bytes:
    """Return a JavaScript module that exports a picture as OpenEXR in a data address."""
    path = folder / "made.exr"
    header = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage}
    with OpenEXR.File(header, {"RGB": pixels}) as file:
        file.write(str(path))
    coded = base64.b64encode(path.read_bytes()).decode()
    return f"export default 'data:application/exr;base64,{coded}'\n".encode()


@pytest.fixture
def package(tmp_path, monkeypatch) -> Path:
    """Put a list of one panorama in place of the package's own, and return its package."""
    lists = tmp_path / "lists"
    lists.mkdir()
    (lists / "airs.yaml").write_text(ROWS)
    monkeypatch.setattr(rows, "resource_folder", lambda _: lists)
    monkeypatch.setenv(store.VARIABLE, str(tmp_path / "kept"))
    caches = (rows.load_pack, rows.allowed, rows.allowed_skies)
    for kept in caches:
        kept.cache_clear()
    path = tmp_path / "airs.tgz"
    data = script(tmp_path, picture())
    with tarfile.open(path, "w:gz") as tar:
        entry = tarfile.TarInfo("package/hdri/half.exr.js")
        entry.size = len(data)
        tar.addfile(entry, io.BytesIO(data))
    yield path
    for kept in caches:
        kept.cache_clear()


def bring_in(package: Path) -> importer.ImportResult:
    given = {"skies": str(package)}
    return importer.import_pack("airs", store.assets_folder(), given, say=str)


def written(folder: Path, sky: str) -> str:
    path = folder / "street.yaml"
    path.write_text(SCENARIO.replace("SKY", sky))
    return str(path)


def test_a_panorama_comes_in_as_it_is(package) -> None:
    result = bring_in(package)
    np.testing.assert_allclose(assets.sky_picture("airs.half"), picture(), rtol=1e-3)
    assert "Nobody" in (result.folder / importer.ATTRIBUTION).read_text()
    due = assets.credit("airs.half")
    assert due is not None
    assert due.sha256 == result.manifest.skies["airs.half"].sha256
    assert "airs.half" in {info.id for info in assets.list_assets()}
    with pytest.raises(AssetError, match="'sky' under 'weather'"):
        assets.get("airs.half")


def test_an_edited_panorama_is_refused(package) -> None:
    folder = bring_in(package).folder
    (folder / "half.npy").write_bytes(b"x")
    with pytest.raises(AssetError, match="damaged or edited; run: scenegen assets import airs"):
        assets.sky_picture("airs.half")


@pytest.mark.parametrize(
    ("harm", "message"),
    [
        (lambda data: data.replace(b"base64,", b""), "no picture as a data address"),
        (lambda data: data.replace(b"base64,", b"base64,*"), "damaged"),
        (lambda data: data[:60] + b"'", "(damaged|no OpenEXR)"),
    ],
)
def test_what_is_no_panorama_is_one_message(tmp_path, harm, message) -> None:
    with pytest.raises(AssetError, match=rf"half\.exr\.js: .*{message}"):
        convert_sky(ROW, harm(script(tmp_path, picture())))


def test_a_picture_of_another_shape_is_refused(tmp_path) -> None:
    with pytest.raises(AssetError, match=r"360 x 180 degrees \(32 x 32\)"):
        convert_sky(ROW, script(tmp_path, picture(32, 32)))


def test_without_the_reader_it_says_what_to_run(tmp_path, monkeypatch) -> None:
    data = script(tmp_path, picture())
    monkeypatch.setitem(sys.modules, "OpenEXR", None)
    with pytest.raises(AssetError, match="run: pip install OpenEXR"):
        convert_sky(ROW, data)


@pytest.mark.parametrize(
    ("sky", "message"),
    [
        ("airs.half", "airs.half' is of the pack .* run: scenegen assets import airs$"),
        ("[analytic, airs.halve]", "no sky is called 'airs.halve' .did you mean 'airs.half'"),
    ],
)
def test_a_scenario_says_where_and_what_to_run(package, tmp_path, sky, message) -> None:
    from scenegen.sample.validate import validate
    from scenegen.scenario import load_scenario

    with pytest.raises(ScenarioError, match=rf"street\.yaml:6:.*{message}"):
        validate(load_scenario(written(tmp_path, sky)))


@pytest.mark.parametrize("sky", [ANALYTIC_SKY, "airs.half"])
def test_a_scene_names_the_terms_of_its_sky(package, tmp_path, sky) -> None:
    from scenegen.dataset.licences import imported_licences
    from scenegen.sample import draw
    from scenegen.scenario import load_scenario

    bring_in(package)
    scene = draw(load_scenario(written(tmp_path, sky)), 0, 0)
    assert scene.weather.sky == sky
    named = [licence.what for licence in imported_licences(scene)]
    assert any("airs.half" in what for what in named) == (sky == "airs.half")


def test_the_list_of_skies_is_sound() -> None:
    pack = rows.load_pack("skies")
    assert len({row.id for row in pack.skies}) == len(pack.skies) >= 8
    assert not any(source.copyleft for source in pack.sources.values())
    for row in pack.skies:
        assert row.id.startswith("skies.")
        assert row.licence in LICENCES
        assert row.source in pack.sources


@pytest.mark.slow
def test_a_panorama_changes_colours_and_no_label(package, tmp_path) -> None:
    import scenegen

    bring_in(package)
    out = tmp_path / "set"
    scenario = written(tmp_path, "airs.half")
    scenegen.generate(scenario=scenario, num_scenes=1, out=str(out), quality="fast")
    assert scenegen.verify(dataset=str(out)).ok
    licences = json.loads((out / "dataset.json").read_text())["licences"]
    assert [entry["what"].partition(" (")[0] for entry in licences[1:]] == ["light of airs.half"]
    assert licences[1]["sha256"] == assets.credit("airs.half").sha256
