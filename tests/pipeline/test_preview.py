"""Previews: chosen moments, and draws that are rejected."""

import io
import json

import cv2
import pytest

from scenegen.errors import InputError, UnsatisfiableError
from scenegen.pipeline.config import PreviewConfig
from scenegen.pipeline.preview import COLUMNS, preview

SCENE = """
scenario: shown
description: A car behind another.
duration: 1 s
parameters:
  gap: {uniform: [4 m, 30 m]}
road: {kind: straight, length: 120 m, surroundings: rural}
sensors: {front: {kind: camera, width: 96, height: 64}}
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 20 m}, speed: 5 m/s}
actors:
  lead: {asset: vehicle.van, place: {ahead_of: ego, gap: gap}, speed: 5 m/s}
require: [gap > 20 m]
monitors: {near: 'always(gap(ego, lead) < 25 m)'}
"""


@pytest.fixture
def shown(tmp_path):
    """Return a function that writes a preview and returns its height and width."""
    file = tmp_path / "shown.yaml"
    file.write_text(SCENE)

    def show(**keys):
        values = {"scenario": str(file), "out": str(tmp_path / "p.png"), "num_scenes": 1, **keys}
        path = preview(PreviewConfig.parse({"quality": "fast", **values}), io.StringIO())
        return cv2.imread(str(path)).shape[:2]

    return show


def test_moments_and_rejected_draws(shown):
    _, usual = shown()
    _, two = shown(moments="0.1 s, 0.9 s")
    _, rejected = shown(rejected="gap > 20 m")
    # A plan and seven pictures in two lines, two, one; all of one width beside gaps.
    cell = (usual - 10) / COLUMNS
    assert (two - 10) / cell == pytest.approx(3)
    assert (rejected - 10) / cell == pytest.approx(2)


def test_draws_are_kept_while_the_scenario_is_edited(shown, tmp_path):
    shown(num_scenes=2, seed=4, first=1)
    before = json.loads((tmp_path / "p.json").read_text())["draws"]
    assert [(one["seed"], one["index"]) for one in before] == [(4, 1), (4, 2)]
    file = tmp_path / "shown.yaml"
    file.write_text(SCENE.replace("actors:", "actors:\n  far: {asset: vehicle.suv}", 1).replace(
        "vehicle.suv}", "vehicle.suv, place: {lane: forward_0, s: 90 m}}"
    ))  # fmt: skip
    shown(num_scenes=2, draws_of=str(tmp_path / "p.json"))
    again = json.loads((tmp_path / "p.json").read_text())["draws"]
    assert again == before
    shown(num_scenes=1, draws_of=str(tmp_path / "p.json"), set="gap:25 m", first=2)
    (last,) = json.loads((tmp_path / "p.json").read_text())["draws"]
    assert (last["index"], last["parameters"]["gap"]) == (2, 25.0)


def test_runs_are_kept_by_monitors(shown, tmp_path, capsys):
    shown(num_scenes=2, keep_if="near")
    kept = json.loads((tmp_path / "p.json").read_text())["draws"]
    assert all(one["parameters"]["gap"] < 25.0 for one in kept)
    shown(num_scenes=6)
    all_of_them = json.loads((tmp_path / "p.json").read_text())["draws"]
    near = [one for one in all_of_them if one["parameters"]["gap"] < 25.0]
    assert kept == near[:2]
    with pytest.raises(UnsatisfiableError, match=r"holds in none of 3 runs.*nearest is scene"):
        shown(keep_if="near and not near", budget=3)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"moments": "3 s"}, "go from 0 s to 0.9 s"),
        ({"moments": "3 m"}, "no time such as"),
        ({"moments": "soon"}, "a moment is such as '1.5 s'"),
        ({"moments": "begin(lead)"}, r"written begin\(NAME.BEHAVIOUR\)"),
        ({"moments": "begin(lead.follow_lan)"}, "did you mean 'lead.follow_lane'"),
        ({"rejected": "gp > 20 m"}, "did you mean 'gap > 20 m'"),
        ({"rejected": "true", "draws_of": "p.json"}, "leave one out"),
        ({"draws_of": "nowhere"}, "preview wrote"),
        ({"set": "gp:3 m"}, "did you mean 'gap'"),
        ({"keep_if": "nea"}, "unknown monitor 'nea'.*did you mean 'near'"),
        ({"keep_if": "near", "rejected": "true"}, "leave one out"),
        ({"budget": 3}, "goes with keep_if"),
    ],
)
def test_what_cannot_be_shown_is_refused(shown, keys, message):
    with pytest.raises(InputError, match=message):
        shown(**keys)
