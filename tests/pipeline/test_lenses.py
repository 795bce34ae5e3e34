"""A data set seen through lenses and imagers, made and verified from its files."""

from pathlib import Path

import pytest

import scenegen

SCENARIO = """
scenario: lenses
description: A car ahead, seen through lenses.
duration: 0.3 s
road: {kind: straight, length: 200 m, sidewalk: 2 m, surroundings: suburban}
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 60 m}, speed: 50 km/h}
actors:
  ahead: {asset: vehicle.estate, place: {ahead_of: ego, gap: 6 m}, speed: 40 km/h}
  walker: {asset: person.adult, place: {lane: sidewalk_right, s: 75 m}, speed: 1 m/s}
sensors:
  barrel:
    width: 240
    height: 144
    hfov: 100 deg
    lens: {model: brown_conrady, k1: -0.21, k2: 0.045, p1: 0.0006}
    imager: {shutter: 8 ms, vignetting: 0.3, jpeg: 80}
  fisheye:
    width: 200
    height: 200
    hfov: 186 deg
    yaw: 20 deg
    lens: {model: kannala_brandt, k1: -0.03, k2: 0.004, field: 190 deg}
"""


@pytest.mark.slow
def test_a_data_set_through_lenses_verifies_and_replays(tmp_path: Path) -> None:
    scenario, out = tmp_path / "lenses.yaml", tmp_path / "out"
    scenario.write_text(SCENARIO)
    scenegen.generate(scenario=str(scenario), num_scenes=1, out=str(out))
    assert scenegen.verify(dataset=str(out)).violations == ()
    (scene,) = scenegen.load_dataset(out)
    assert scenegen.replay(dataset=str(out), scene=scene.id).different == ()
    models = {f.sensor: f.labels.camera.model for f in scene.frames()}
    assert models == {"barrel": "brown_conrady", "fisheye": "kannala_brandt"}
    assert [f.labels.camera.depth for f in scene.frames("fisheye")] == ["range"] * 3
