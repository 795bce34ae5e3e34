"""Packs are brought in whole or not at all, and what they hold is what it says."""

from __future__ import annotations

import importlib.util
import json
import os
import stat
from pathlib import Path

import numpy as np
import pytest

from scenegen import assets
from scenegen.assets.packs import imported, importer, rows, store
from scenegen.assets.packs.attribution import LICENCES
from scenegen.assets.packs.source_mesh import as_body, read_obj
from scenegen.errors import AssetError, ScenarioError, StorageError
from scenegen.records.taxonomy import BIPED_JOINTS, CLASS_BY_NAME, WHEELED_JOINTS, Lamp

_SPEC = importlib.util.spec_from_file_location(
    "tiny_pack", Path(__file__).with_name("tiny_pack.py")
)
tiny = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(tiny)


@pytest.fixture
def lists(tmp_path, monkeypatch):
    """Put the tiny allow-list in place of the package's own."""
    folder = tmp_path / "lists"
    folder.mkdir()
    (folder / "tiny.yaml").write_text(tiny.ROWS)
    monkeypatch.setattr(rows, "resource_folder", lambda _: folder)
    monkeypatch.setenv(store.VARIABLE, str(tmp_path / "kept"))
    rows.load_pack.cache_clear()
    rows.allowed.cache_clear()
    yield folder
    rows.load_pack.cache_clear()
    rows.allowed.cache_clear()


@pytest.fixture
def bring_in(lists, tmp_path):
    """Return a function that imports the tiny pack."""

    def run(**keys):
        own = {
            "furniture": str(tiny.deb(tmp_path / "tiny.deb")),
            "people": str(tiny.human_wheel(tmp_path / "tiny.whl")),
        }
        given = keys.pop("given", own)
        if "furniture" in given:
            given = own | given
        return importer.import_pack("tiny", store.assets_folder(), given, say=str, **keys)

    return run


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_an_imported_car_drives_shines_and_is_painted(bring_in) -> None:
    bring_in()
    car, other = assets.get("tiny.car", 0), assets.get("tiny.car", 1)
    assert car.joints == WHEELED_JOINTS
    hubs = np.array([wheel.position_m for wheel in car.wheels])
    np.testing.assert_allclose(np.abs(hubs[:, 1]), 0.75, atol=1e-3)
    np.testing.assert_allclose(hubs[:2, 0] - hubs[2:, 0], 2.5, atol=1e-3)
    np.testing.assert_allclose([wheel.radius_m for wheel in car.wheels], 0.3, atol=2e-3)
    assert [wheel.steered for wheel in car.wheels] == [True, True, False, False]
    for lamp in (Lamp.LOW_BEAM, Lamp.TAIL, Lamp.BRAKE, Lamp.REVERSE, Lamp.INDICATOR_LEFT):
        assert car.has_lamp(lamp)
    assert len(car.spots) == 2
    assert all(spot.position_m[0] > 1.9 for spot in car.spots)
    paints = {s.material for part in car.parts for s in part.surfaces if s.material.name == "paint"}
    assert len(paints) == 1
    assert other.variant == 1
    assert (car.licence, car.creator) == ("CC-BY-3.0", "Someone")


def test_lamps_face_outward_on_the_two_ends(bring_in) -> None:
    bring_in()
    surfaces = [s for part in assets.get("tiny.car").parts for s in part.surfaces]
    for surface in surfaces:
        if surface.material.lamp & (Lamp.LOW_BEAM | Lamp.BRAKE):
            end = 1.0 if surface.material.lamp & Lamp.LOW_BEAM else -1.0
            assert (end * surface.normals[:, 0] > 0.9).all()
            assert (end * surface.vertices[:, 0] > 1.99).all()


def test_rims_turn_with_their_wheels_and_stay_in_them(bring_in) -> None:
    bring_in()
    car = assets.get("tiny.car")
    wheels = [part for part in car.parts if part.name.startswith("wheel_")]
    assert len(wheels) == 4
    for part in wheels:
        assert len(part.surfaces) == 2  # rubber and rim
        reach = max(
            float(np.linalg.norm(s.vertices[:, [0, 2]], axis=1).max()) for s in part.surfaces
        )
        assert reach == pytest.approx(0.3, abs=2e-3)


def test_a_picture_becomes_colours_of_triangles(bring_in) -> None:
    bring_in()
    post = assets.get("tiny.post")
    np.testing.assert_allclose(post.size_m, (0.21, 0.41, 1.01), atol=2e-3)  # 5 mm around
    for surface in post.parts[0].surfaces:
        red, _, blue = surface.material.base_color
        heights = surface.vertices[surface.faces][..., 2].mean(axis=1)
        if red > blue + 0.2:
            assert (heights < 0.5).all()
        if blue > red + 0.2:
            assert (heights > 0.5).all()


def test_x_is_ahead_and_y_is_left() -> None:
    made = tiny.Obj()
    made.add("m", [[2, 0, 0], [2, 1, 0], [2, 0, 1], [-2, 0, 0]], [[0, 1, 2], [0, 2, 3]])
    files = {"a/b.obj": made.bytes(), "a/model.mtl": b"newmtl m\nKd 1 1 1\n"}
    mesh = as_body(read_obj(files, "a/b.obj"), (4.0, 1.0, 1.0), 0.0)
    ahead = mesh.vertices[mesh.vertices[:, 0] > 1.9]
    np.testing.assert_allclose(ahead.max(axis=0), (2.0, 0.5, 1.0))
    half = as_body(read_obj(files, "a/b.obj"), (4.0, 1.0, 1.0), 180.0)
    np.testing.assert_allclose(half.vertices[:, :2], -mesh.vertices[:, :2], atol=1e-12)


def test_a_body_hangs_on_the_walkers_joints(bring_in) -> None:
    bring_in()
    person = assets.get("tiny.walker")
    assert person.joints == BIPED_JOINTS
    at = {k: np.array(v) for k, v in assets.skeleton(person, np.zeros(len(BIPED_JOINTS))).items()}
    for side in ("left", "right"):
        for above, below in (("hip", "knee"), ("knee", "ankle"), ("shoulder", "elbow")):
            hangs = at[f"{above}_{side}"] - at[f"{below}_{side}"]
            np.testing.assert_allclose(hangs[:2], 0.0, atol=1e-9)
            assert hangs[2] > 0.1
    hip, knee, ankle = tiny.LEG
    drawn = np.linalg.norm(knee - hip) / np.linalg.norm(ankle - knee)
    made = np.linalg.norm(at["hip_left"] - at["knee_left"])
    made /= np.linalg.norm(at["knee_left"] - at["ankle_left"])
    assert made == pytest.approx(drawn, rel=1e-6)
    points = np.concatenate(
        [
            s.vertices @ pose[:3, :3].T + pose[:3, 3]
            for part, pose in zip(
                person.parts,
                assets.body_from_parts(person, np.zeros(len(BIPED_JOINTS))),
                strict=True,
            )
            for s in part.surfaces
        ]
    )
    assert np.ptp(points[:, 2]) == pytest.approx(1.7, abs=0.02)  # thick hair is a little more
    assert points[:, 2].min() == pytest.approx(0.0, abs=1e-5)


def test_walkers_change_clothes_with_the_variant(bring_in) -> None:
    bring_in()

    def worn(variant):
        parts = assets.get("tiny.walker", variant).parts
        return {s.material.name: s.material.base_color for p in parts for s in p.surfaces}

    assert set(worn(0)) == {"skin", "hair", "shirt", "trousers", "shoes", "eyes"}
    assert len({worn(k)["shirt"] for k in range(8)}) > 3
    assert worn(3) == worn(3)


def test_a_damaged_wheel_is_one_message(bring_in, tmp_path) -> None:
    path = tiny.human_wheel(tmp_path / "bad.whl")
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(AssetError, match=r"bad\.whl: damaged"):
        bring_in(given={"furniture": str(tiny.deb(tmp_path / "tiny.deb")), "people": str(path)})


def test_credits_say_who_made_what_and_what_was_changed(bring_in) -> None:
    text = (bring_in().folder / importer.ATTRIBUTION).read_text()
    for part in (
        "Someone",
        "Nobody",
        "https://example.org/car",
        LICENCES["CC-BY-3.0"],
        "decimated",
    ):
        assert part in text
    due = assets.credit("tiny.car")
    assert due is not None
    assert (due.licence, due.creator) == ("CC-BY-3.0", "Someone")
    assert len(due.sha256) == 64
    assert assets.credit("vehicle.sedan") is None


def test_the_same_package_gives_the_same_bytes(bring_in) -> None:
    first = bring_in()
    content = {path.name: path.read_bytes() for path in first.folder.iterdir()}
    again = bring_in(force=True)
    assert {path.name: path.read_bytes() for path in again.folder.iterdir()} == content


def test_a_second_import_fetches_and_writes_nothing(bring_in, monkeypatch) -> None:
    first = bring_in()
    before = {path.name: path.stat().st_mtime_ns for path in first.folder.iterdir()}
    monkeypatch.setattr(importer, "fetch", None)
    second = bring_in(given={})
    assert not second.made
    assert {path.name: path.stat().st_mtime_ns for path in second.folder.iterdir()} == before


def test_levels_of_detail_are_kept_and_chosen(bring_in) -> None:
    bring_in()
    fine = assets.credit("tiny.car").sha256
    changed = bring_in(given={}, detail="coarse")
    assert assets.credit("tiny.car").sha256 != fine
    levels = changed.manifest.assets["tiny.car"].files
    assert levels["coarse"].triangles < levels["middle"].triangles <= levels["fine"].triangles


@pytest.mark.parametrize("harm", ["cut", "garbled", "other"])
def test_a_damaged_package_is_one_message_and_changes_nothing(bring_in, tmp_path, harm) -> None:
    kept = bring_in().folder
    before = {path.name: path.read_bytes() for path in kept.iterdir()}
    path = tiny.deb(tmp_path / "bad.deb", name="Other.sh3f" if harm == "other" else "Tiny.sh3f")
    data = bytearray(path.read_bytes())
    if harm == "cut":
        data = data[: len(data) // 2]
    if harm == "garbled":
        data[len(data) // 2 :] = bytes(len(data) - len(data) // 2)
    path.write_bytes(data)
    with pytest.raises(AssetError, match=r"bad\.deb: (damaged|holds no)") as caught:
        bring_in(given={"furniture": str(path)})
    assert "\n" not in str(caught.value)
    assert {p.name: p.read_bytes() for p in kept.iterdir()} == before
    assert names(kept.parent) == ["tiny"]


def test_an_interrupted_import_leaves_nothing(bring_in, monkeypatch) -> None:
    def interrupted(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(importer, "convert", interrupted)
        with pytest.raises(KeyboardInterrupt):
            bring_in()
    assert names(store.assets_folder()) == []
    with monkeypatch.context() as patched:
        patched.setattr(store, "_swap", interrupted)
        with pytest.raises(KeyboardInterrupt):
            bring_in()
    assert names(store.assets_folder()) == []
    bring_in()


def test_a_pack_that_was_just_moved_away_comes_back(bring_in) -> None:
    kept = bring_in().folder
    (kept.parent / ".tiny.new-1").mkdir()
    kept.rename(kept.parent / ".tiny.old")
    assert not bring_in(given={}).made
    assert names(kept.parent) == ["tiny"]


def test_what_is_not_there_says_what_to_run(lists) -> None:
    with pytest.raises(AssetError, match=r"run: scenegen assets import tiny$"):
        assets.get("tiny.car")
    assert assets.missing("vehicle.sedan") is None
    with pytest.raises(AssetError, match="no asset is called"):
        assets.get("tiny.ship")


def test_a_scenario_says_where_and_what_to_run(lists, tmp_path) -> None:
    from scenegen.sample.validate import validate
    from scenegen.scenario import load_scenario

    path = tmp_path / "street.yaml"
    path.write_text(
        "scenario: street\ndescription: x\nodd: [urban]\nduration: 1 s\n"
        "road: {kind: straight, length: 100 m}\n"
        "ego:\n  asset: tiny.car\n  place: {lane: forward_0, s: 20 m}\n"
    )
    with pytest.raises(ScenarioError, match=r"street\.yaml:7:.*scenegen assets import tiny"):
        validate(load_scenario(str(path)))


def test_an_edited_file_is_refused(bring_in) -> None:
    kept = bring_in().folder
    for path in kept.glob("post.*.glb"):
        path.write_bytes(path.read_bytes() + b" ")
    imported._bare.cache_clear()
    imported._finished.cache_clear()
    with pytest.raises(AssetError, match="damaged or edited; run: scenegen assets import tiny"):
        assets.get("tiny.post")


def test_a_folder_that_cannot_be_written_is_one_message(bring_in, tmp_path, monkeypatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(store.VARIABLE, str(tmp_path / "file"))
    with pytest.raises(StorageError, match="assets_dir=FOLDER"):
        bring_in()


@pytest.mark.parametrize(
    ("script", "message"), [("exit 1", "no message"), ("exit 0", "no message")]
)
def test_apt_that_gives_nothing_is_one_message(bring_in, tmp_path, monkeypatch, script, message):
    command = tmp_path / "apt-get"
    command.write_text(f"#!/bin/sh\n{script}\n")
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(AssetError, match=f"{message}.*furniture=PATH"):
        bring_in(given={})


def test_apt_is_asked_when_no_file_is_given(bring_in, tmp_path, monkeypatch) -> None:
    tiny.deb(tmp_path / "there.deb")
    command = tmp_path / "apt-get"
    command.write_text(f'#!/bin/sh\ncp "{tmp_path}/there.deb" "$2_1_all.deb"\n')
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    people = {"people": str(tiny.human_wheel(tmp_path / "there.whl"))}
    result = bring_in(given=people)
    assert result.manifest.packages["own"][0] == "tiny-models (tiny-models_1_all.deb)"


def test_the_standard_list_is_sound_and_free_of_copyleft() -> None:
    pack = rows.load_pack("standard")
    ids = [row.id for row in pack.assets]
    assert len(ids) == len(set(ids)) > 50
    assert not any(source.copyleft for source in pack.sources.values())
    own = {info.id for info in assets.list_assets()}
    for row in pack.assets:
        assert row.id.startswith("standard.")
        assert row.id not in own
        assert row.category in CLASS_BY_NAME
        assert row.licence in LICENCES
        assert row.source in pack.sources
        assert all(0.02 < size < 20 for size in row.size_m)
        assert (row.kind == "vehicle") == (row.category in ("car", "truck", "bus"))
        if row.kind == "vehicle":
            assert row.tyre
            assert row.glass


def test_packs_that_there_are_none_of_are_named() -> None:
    with pytest.raises(AssetError, match="did you mean 'standard'"):
        rows.load_pack("standart")


def test_the_words_of_the_command_line(tmp_path, monkeypatch, capsys) -> None:
    from scenegen.cli import main

    monkeypatch.setenv(store.VARIABLE, str(tmp_path))
    with pytest.raises(SystemExit) as done:
        main(["assets", "import", "torcs"])
    assert done.value.code == 2
    assert "scenegen assets import torcs --copyleft" in capsys.readouterr().err
    with pytest.raises(SystemExit) as done:
        main(["assets", "licences"])
    assert done.value.code == 0
    assert "Apache-2.0" in capsys.readouterr().out


SCENARIO = """
scenario: street
description: x
odd: [urban]
duration: 0.2 s
road: {kind: straight, length: 120 m}
ego: {asset: tiny.car, place: {lane: forward_0, s: 20 m}, speed: 10 m/s}
actors:
  post: {asset: tiny.post, place: {lane: forward_0, s: 32 m}}
  figure: {asset: tiny.figure, place: {lane: backward_0, s: 30 m}}
  walker:
    asset: tiny.walker
    place: {lane: backward_0, s: 32 m}
    behaviour: [{do: walk_along, speed: 1.2 m/s}]
sensors:
  front: {kind: camera, width: 160, height: 96}
"""


@pytest.mark.slow
def test_a_data_set_carries_the_terms_of_what_it_shows(bring_in, tmp_path) -> None:
    import scenegen
    from scenegen.api import report

    def made(name):
        out = tmp_path / name
        scenario = tmp_path / "street.yaml"
        scenario.write_text(SCENARIO)
        scenegen.generate(scenario=str(scenario), num_scenes=1, out=str(out), quality="fast")
        return out

    bring_in()
    first = made("first")
    licences = json.loads((first / "dataset.json").read_text())["licences"]
    assert [entry["what"].partition(" (")[0] for entry in licences[1:]] == [
        "3D asset tiny.car",
        "3D asset tiny.figure",
        "3D asset tiny.post",
        "3D asset tiny.walker",
    ]
    assert licences[1]["sha256"] == assets.credit("tiny.car").sha256
    assert scenegen.verify(dataset=str(first)).ok
    labels = json.loads(next(first.glob("scenes/*/front/labels/000000.json")).read_text())
    seen = {o["attributes"]["asset_id"]: o for o in labels["objects"]}
    assert not {"skeleton", "skeleton_px"} & seen["tiny.figure"].keys()
    assert len(seen["tiny.walker"]["skeleton"]) == 18
    page = report(dataset=str(first)).read_text()
    assert "Someone" in page
    assert "Changed:" in page
    digest = scenegen.digest(str(first))
    assert scenegen.digest(str(made("same"))) == digest
    other = tiny.deb(tmp_path / "other.deb", paint="0.1 0.8 0.1")
    bring_in(given={"furniture": str(other)})
    assert scenegen.digest(str(made("other"))) != digest
