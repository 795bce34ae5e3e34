"""Scenarios on a road map of their own: the file's content is part of their meaning."""

from pathlib import Path

import pytest

from scenegen.errors import ScenarioError
from scenegen.scenario import LogicalScenario, load_scenario

TEXT = """scenario: on_a_map
road:
  kind: opendrive
  file: maps/town.xodr
  surroundings: suburban
description: A drive through a town.
duration: 5 s
ego:
  asset: car.hatchback
  place: {lane: forward_0, s: 5 m}
sensors:
  front: {}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / "town.xodr").write_text("<OpenDRIVE/>")
    return tmp_path


def _load(folder: Path, text: str = TEXT) -> LogicalScenario:
    (folder / "scene.yaml").write_text(text)
    return load_scenario(str(folder / "scene.yaml"))


def test_the_path_is_relative_to_the_document(folder: Path) -> None:
    logical = _load(folder)
    assert logical.map_file is not None
    assert logical.map_file.content == b"<OpenDRIVE/>"


def test_the_digest_follows_the_content_and_not_the_name(folder: Path) -> None:
    first = _load(folder).digest
    (folder / "maps" / "other.xodr").write_text("<OpenDRIVE/>")
    assert _load(folder, TEXT.replace("town", "other")).digest == first
    (folder / "maps" / "town.xodr").write_text("<OpenDRIVE></OpenDRIVE>")
    assert _load(folder).digest != first


def test_a_mixin_brings_a_map_from_its_own_folder(folder: Path) -> None:
    (folder / "maps" / "in_town.yaml").write_text(
        "mixin: in_town\ndescription: A map.\nroad: {kind: opendrive, file: town.xodr}\n"
    )
    text = TEXT.replace("  kind: opendrive\n  file: maps/town.xodr\n", "")
    logical = _load(folder, text.replace("road:", "with: [maps/in_town.yaml]\nroad:", 1))
    assert logical.map_file is not None
    assert Path(logical.map_file.file) == folder / "maps" / "town.xodr"


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("town.xodr", "city.xodr", 4, "cannot be read: no such file or directory"),
        ("maps/town.xodr", "maps", 4, "cannot be read: it is a folder"),
        ("  file: maps/town.xodr\n", "", 3, "needs 'file', such as maps/town.xodr"),
        ("kind: opendrive", "kind: straight", 4, "'file' is for roads of kind 'opendrive'"),
        ("maps/town.xodr", "/dev/zero", 4, "cannot be read: it is no ordinary file"),
        ("maps/town.xodr", '"\\0"', 4, "cannot be read: "),
    ],
)
def test_what_is_wrong_is_said_at_its_place(
    folder: Path, old: str, new: str, line: int, message: str
) -> None:
    with pytest.raises(ScenarioError, match=message) as caught:
        _load(folder, TEXT.replace(old, new))
    assert caught.value.place.line == line
