"""AC3D models: what is read of them, and packs under copyleft terms."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from scenegen import assets
from scenegen.assets.packs import importer, rows, store
from scenegen.assets.packs.ac3d import read_ac
from scenegen.assets.packs.attribution import LICENCES
from scenegen.assets.packs.source_mesh import linear_of
from scenegen.assets.packs.split import split_by_picture
from scenegen.errors import AssetError
from scenegen.records.taxonomy import CLASS_BY_NAME, Lamp

ROWS = """
name: own
sources:
  own: {kind: deb, package: own-data, url: https://example.org, key: torcs, copyleft: true}
assets:
- id: own.van
  what: box whose upper half is blue
  category: car
  kind: vehicle
  source: own
  model: models/van.ac
  pictures: [models/halves.png]
  size_m: [4.0, 1.8, 1.4]
  turn_deg: 90
  lift_m: 0.2
  mass_kg: 1000
  triangles: 4000
  axles: [[1.2, 0.75, 0.3, 0.2], [-1.2, 0.75, 0.3, 0.2]]
  licence: Free-Art-1.3
  creator: Someone
  url: https://example.org/van
"""
HEAD = """AC3Db
MATERIAL "plain red" rgb 0.5 0 0 amb 0 0 0 emis 0 0 0 spec 0 0 0 shi 64 trans 0
MATERIAL "white" rgb 1 1 1 amb 0 0 0 emis 0 0 0 spec 0 0 0 shi 0 trans 0
OBJECT world
kids {kids}
"""
TRIANGLE = """OBJECT poly
name "tri angle"
data 12
two
lines ok
loc 1 2 3
rot 0 0 -1 0 1 0 1 0 0
numvert 4
0 0 0
1 0 0
1 1 0
0 1 0
numsurf {count}
{surfaces}
kids 0
"""
QUAD = "SURF 0x20\nmat 0\nrefs 4\n0 0 0\n1 1 0\n2 1 1\n3 0 1"
STRIP = "SURF 0x14\nmat 1\nrefs 4\n0 0 0 9 9\n1 1 0 9 9\n3 0 1 9 9\n2 1 1 9 9"
LINE = "SURF 0x02\nmat 1\nrefs 2\n0 0 0\n1 1 0"


def model(*surfaces: str, kids: int = 1) -> bytes:
    body = TRIANGLE.format(count=len(surfaces), surfaces="\n".join(surfaces))
    return (HEAD.format(kids=kids) + body).encode()


def halves() -> bytes:
    """Return a picture that is blue above and red below."""
    pixels = np.zeros((64, 64, 3), np.uint8)
    pixels[:32], pixels[32:] = (0, 0, 255), (255, 0, 0)
    made = io.BytesIO()
    Image.fromarray(pixels).save(made, "PNG")
    return made.getvalue()


def van() -> bytes:
    """Return a box along x, nose at -x as such models have it, under the picture."""
    corners = [(x, y, z) for x in (-2, 2) for y in (0, 1.4) for z in (-0.9, 0.9)]
    sides = [[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]]
    lines = ['OBJECT poly\nname "body"\ntexture "halves.png"\nnumvert 8']
    lines += [f"{x} {y} {z}" for x, y, z in corners]
    lines.append("numsurf 6")
    for side in sides:
        lines.append("SURF 0x00\nmat 1\nrefs 4")
        lines += [f"{k} 0.5 {corners[k][1] / 1.4}" for k in side]
    return (HEAD.format(kids=1) + "\n".join([*lines, "kids 0\n"])).encode()


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """Put a list under copyleft terms in place of the package's own, and return its folder."""
    lists, made = tmp_path / "lists", tmp_path / "games" / "models"
    lists.mkdir()
    made.mkdir(parents=True)
    (lists / "own.yaml").write_text(ROWS)
    (made / "van.ac").write_bytes(van())
    (made / "halves.png").write_bytes(halves())
    monkeypatch.setattr(rows, "resource_folder", lambda _: lists)
    monkeypatch.setenv(store.VARIABLE, str(tmp_path / "kept"))
    caches = (rows.load_pack, rows.allowed, rows.allowed_skies)
    for kept in caches:
        kept.cache_clear()
    yield tmp_path / "games"
    for kept in caches:
        kept.cache_clear()


def bring_in(folder: Path, **keys) -> importer.ImportResult:
    given = {"torcs": str(folder)}
    return importer.import_pack("own", store.assets_folder(), given, say=str, **keys)


def test_objects_are_turned_and_moved_and_lines_left_out() -> None:
    mesh = read_ac({"a.ac": model(QUAD, LINE)}, "a.ac", 100)
    assert len(mesh.faces) == 2
    assert mesh.names == ("tri angle/plain red",)
    used = mesh.vertices[mesh.faces.ravel()]
    np.testing.assert_allclose(used.min(axis=0), (1, 2, 2))  # x goes to -z, then by (1, 2, 3)
    np.testing.assert_allclose(used.max(axis=0), (1, 3, 3))
    np.testing.assert_allclose(mesh.color, np.tile(linear_of(np.array([0.5, 0, 0])), (2, 1)))


def test_strips_wind_as_one_surface() -> None:
    mesh = read_ac({"a.acc": model(QUAD, STRIP)}, "a.acc", 100)
    corners = mesh.vertices[mesh.faces]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    np.testing.assert_allclose(normals, np.tile(normals[0], (4, 1)), atol=1e-12)
    assert np.bincount(mesh.material).tolist() == [2, 2]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"solid", "no AC3D file"),
        (model(QUAD)[:-40], "damaged or cut short"),
        (model(QUAD, kids=3), "damaged or cut short"),
        (model(QUAD).replace(b" shi ", b" "), "damaged or cut short"),
        (model(QUAD.replace("3 0 1", "9 0 1")), "corners that are not there"),
        (model(QUAD).replace(b"mat 0", b"mat 7"), "damaged"),
        (model(LINE), "holds no triangles"),
        (model(QUAD).replace(b"numvert", b'texture "x.png"\nnumvert'), "picture x.png is missing"),
    ],
)
def test_what_is_damaged_is_one_message(data, message) -> None:
    with pytest.raises(AssetError, match=rf"a\.ac: .*{message}") as caught:
        read_ac({"a.ac": data}, "a.ac", 100)
    assert "\n" not in str(caught.value)


def test_a_picture_splits_triangles_where_it_changes_and_opens_no_gaps() -> None:
    picture = np.asarray(Image.open(io.BytesIO(halves())).convert("RGBA")) / 255.0
    square = np.array([[0, 0, 0, 0, 0], [1, 0, 0, 1, 0], [1, 1, 0, 1, 1], [0, 1, 0, 0, 1.0]])
    made = split_by_picture(square[[[0, 1, 2], [0, 2, 3]]], picture, 0.5, 0.05)
    a, b, c = made[..., :3].swapaxes(0, 1)
    areas = 0.5 * np.cross(b - a, c - a)[:, 2]
    assert (areas > 0).all()
    assert areas.sum() == pytest.approx(1.0)
    middles = made[..., 1].mean(axis=1)
    assert areas[np.abs(middles - 0.5) < 0.02].max() < 0.002
    assert areas[np.abs(middles - 0.5) > 0.4].max() > 0.01
    edges = np.stack([made[..., :2], np.roll(made[..., :2], -1, axis=1)], axis=2).reshape(-1, 4)
    inner = edges[~((edges[:, :2] == edges[:, 2:]) & np.isin(edges[:, :2], (0, 1))).any(axis=1)]
    there = {tuple(edge) for edge in inner.tolist()}
    assert {(x1, y1, x0, y0) for x0, y0, x1, y1 in there} == there  # each has its twin


def test_a_pack_under_copyleft_asks_first(folder) -> None:
    with pytest.raises(AssetError, match=r"copyleft terms.*run: scenegen assets import own --copy"):
        bring_in(folder)
    assert not store.assets_folder().exists()
    with pytest.raises(AssetError, match=r"run: scenegen assets import own --copyleft$"):
        assets.get("own.van")


def test_a_package_of_another_pack_is_refused(folder) -> None:
    with pytest.raises(AssetError, match=r"'own' takes no skies=; its packages are torcs="):
        importer.import_pack("own", store.assets_folder(), {"skies": "x.tgz"}, copyleft=True)


def test_a_pictured_vehicle_gets_wheels_lamps_and_its_colours(folder) -> None:
    result = bring_in(folder, copyleft=True)
    car = assets.get("own.van")
    hubs = [wheel.position_m for wheel in car.wheels]
    expected = [(1.2, 0.75, 0.3), (1.2, -0.75, 0.3), (-1.2, 0.75, 0.3), (-1.2, -0.75, 0.3)]
    np.testing.assert_allclose(hubs, expected, atol=0.01)
    assert car.has_lamp(Lamp.BRAKE)
    assert len(car.spots) == 2
    body = [s for s in car.parts[0].surfaces if s.material.name.startswith("imported")]
    assert min(float(s.vertices[:, 2].min()) for s in body) == pytest.approx(0.2, abs=1e-5)
    for surface in body:
        red, _, blue = surface.material.base_color
        heights = surface.vertices[surface.faces][..., 2].mean(axis=1)
        if max(red, blue) > 0.5:
            assert (heights > 0.85).all() if blue > red else (heights < 0.95).all()
    files = result.manifest.assets["own.van"].files
    assert files["coarse"].triangles < files["fine"].triangles
    text = (result.folder / importer.ATTRIBUTION).read_text()
    assert LICENCES["Free-Art-1.3"] in text
    assert "passes on" in text
    assert assets.credit("own.van").licence == "Free-Art-1.3"


@pytest.mark.parametrize("name", ["flightgear", "torcs"])
def test_the_lists_under_copyleft_are_sound(name) -> None:
    pack = rows.load_pack(name)
    assert all(source.copyleft for source in pack.sources.values())
    assert len({row.id for row in pack.assets}) == len(pack.assets)
    for row in pack.assets:
        assert row.id.startswith(f"{name}.")
        assert row.category in CLASS_BY_NAME
        assert row.licence in LICENCES
        assert row.source in pack.sources
        assert (row.kind == "vehicle") == (row.category in ("car", "truck", "bus"))
        assert bool(row.axles) == (row.kind == "vehicle")
        for x, y, radius, _ in row.axles:
            assert abs(x) < 0.5 * row.size_m[0]
            assert radius < 0.6
            assert y < 0.5 * row.size_m[1]
