"""Bases and mix-ins: what they come to, and where what is wrong with them is said."""

import re

import pytest

from scenegen.errors import ScenarioError
from scenegen.scenario import list_mixins, load_plan, load_scenario
from scenegen.scenario.composition import open_scenario
from scenegen.scenario.continuous import LogUniform, Uniform
from scenegen.scenario.layers import MAX_LAYERS, MAX_NESTING

BASE = """\
scenario: base
description: A car.
odd: [urban, day]
duration: 2 s
parameters: {v: {uniform: [36 km/h, 72 km/h]}, gap: 9 m}
road: {kind: straight, length: 200 m, sidewalk: 2 m}
weather: {rain: 2 mm/h, wetness: 0.4}
light: {sun_elevation: 40 deg, sun_azimuth: 10 deg}
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 20 m}, speed: v}
actors:
  one: {asset: vehicle.sedan, place: {ahead_of: ego, gap: gap}, speed: v}
require: [gap > 3 m]
"""
MIST = """\
mixin: mist
description: Mist.
odd: [mist, -day]
parameters: {mist_sight: {log_uniform: [300 m, 900 m]}}
weather: {rain: null, visibility: mist_sight}
cameras: {readout: 20 ms}
require: [mist_sight > 310 m]
"""
DARK = """\
mixin: dark
description: Night.
odd: [night]
light: {sun_elevation: -30 deg, headlights: true}
weather: {wetness: 0.9}
"""
OWN = """\
scenario: own
extends: base
with: [mist, dark]
parameters: {gap: {uniform: [4 m, 12 m]}}
weather: {visibility: 400 m}
actors:
  one: {place: {lane: forward_0, s: 60 m}}
  two: {asset: person.adult, place: {lane: sidewalk_right, s: 90 m}}
require: [v < 60 km/h]
"""


@pytest.fixture
def shelf(tmp_path):
    """Return a function that writes documents and gives their folder, a library."""

    def write(**changed):
        texts = {"base": BASE, "mixins/mist": MIST, "mixins/dark": DARK, "own": OWN} | changed
        for name, text in texts.items():
            path = tmp_path / f"{name}.yaml"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        return tmp_path

    return write


def loaded(folder, name):
    return load_scenario(name, library=folder)


def test_what_the_layers_come_to(shelf):
    folder = shelf()
    own = loaded(folder, "own")
    assert own.name == "own"
    assert own.description == "A car."
    assert own.odd == ("urban", "mist", "night")
    assert isinstance(own.parameters["gap"], Uniform)
    assert isinstance(own.parameters["mist_sight"], LogUniform)
    data = open_scenario("own", folder).data
    assert data["weather"] == {"wetness": 0.9, "visibility": "400 m"}
    assert data["light"] == {
        "sun_elevation": "-30 deg",
        "sun_azimuth": "10 deg",
        "headlights": True,
    }
    assert data["actors"]["one"] == {
        "asset": "vehicle.sedan",
        "place": {"lane": "forward_0", "s": "60 m"},
        "speed": "v",
    }
    assert list(data["actors"]) == ["one", "two"]
    assert data["require"] == ["gap > 3 m", "mist_sight > 310 m", "v < 60 km/h"]
    assert data["sensors"] == {"front": {"readout": "20 ms"}}


def test_the_digest_is_that_of_the_whole_written_out(shelf):
    folder = shelf()
    text = """\
scenario: own
description: Written out.
odd: [urban, mist, night]
duration: 2 s
parameters:
  v: {uniform: [36 km/h, 72 km/h]}
  gap: {uniform: [4 m, 12 m]}
  mist_sight: {log_uniform: [300 m, 900 m]}
road: {kind: straight, length: 200 m, sidewalk: 2 m}
weather: {wetness: 0.9, visibility: 400 m}
light: {sun_elevation: -30 deg, sun_azimuth: 10 deg, headlights: true}
sensors: {front: {readout: 20 ms}}
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 20 m}, speed: v}
actors:
  one: {asset: vehicle.sedan, place: {lane: forward_0, s: 60 m}, speed: v}
  two: {asset: person.adult, place: {lane: sidewalk_right, s: 90 m}}
require: [gap > 3 m, mist_sight > 310 m, v < 60 km/h]
"""
    (folder / "whole.yaml").write_text(text)
    assert loaded(folder, "own").digest == loaded(folder, "whole").digest
    (folder / "mixins" / "dark.yaml").write_text(DARK.replace("0.9", "0.8"))
    assert loaded(folder, "own").digest != loaded(folder, "whole").digest


def test_mixins_by_plus(shelf):
    folder = shelf()
    foggy = loaded(folder, "base+mist")
    assert foggy.name == "base_mist"
    assert foggy.description == "A car. With mist."
    assert foggy.weather.rain is None
    both, turned = loaded(folder, "base+mist+dark"), loaded(folder, "base+dark+mist")
    assert both.name == "base_mist_dark"
    assert both.odd == ("urban", "mist", "night")
    assert turned.odd == ("urban", "night", "mist")
    by_path = loaded(folder, f"{folder}/base.yaml+{folder}/mixins/mist.yaml")
    assert by_path.digest == foggy.digest


def test_a_file_may_have_a_plus_in_its_name(shelf):
    folder = shelf(**{"a+b": BASE})
    assert loaded(folder, f"{folder}/a+b.yaml").name == "base"


def test_paths_are_relative_to_the_file_they_stand_in(shelf):
    text = "scenario: far\nextends: ../base.yaml\nwith: [./near.yaml]\n"
    folder = shelf(**{"deep/far": text, "deep/near": MIST.replace("mist", "near")})
    assert load_scenario(f"{folder}/deep/far.yaml").odd == ("urban", "near")


def test_a_mixin_may_have_mixins_and_come_in_twice(shelf):
    twice = MIST.replace("mist", "twice") + "with: [dark, mist]\n"
    folder = shelf(**{"mixins/twice": twice, "own": OWN.replace("[mist,", "[twice, mist,")})
    own = loaded(folder, "own")
    assert own.odd == ("urban", "night", "mist", "twice")
    assert [c.text for c in own.constraints].count("mist_sight > 310 m") == 1


def test_monitors_and_correlations_add_up(shelf):
    base = BASE + "monitors: {never_near: 'always(distance(ego, one) > 1 m)'}\n"
    mist = MIST + "monitors: {mist_ends: eventually(speed(ego) < 1 m/s)}\n"
    own = "scenario: own\nextends: base\nwith: [mist]\n"
    own += "correlations: [{of: [v, mist_sight], rank: 0.5}]\n"
    folder = shelf(**{"base": base, "mixins/mist": mist, "own": own})
    data = open_scenario("own", folder).data
    assert list(data["monitors"]) == ["never_near", "mist_ends"]
    assert data["correlations"] == [{"of": ["v", "mist_sight"], "rank": 0.5}]
    assert loaded(folder, "own").name == "own"
    wrong = mist.replace("mist_ends", "ends")
    with pytest.raises(ScenarioError, match="monitor of a mix-in is named after it: 'mist_ends'"):
        loaded(shelf(**{"base": base, "mixins/mist": wrong, "own": own}), "own")


def test_cameras_speak_for_all_cameras(shelf):
    sensors = """\
sensors:
  left: {yaw: 90 deg, readout: 5 ms}
  roof: {kind: lidar}
"""
    own = """\
scenario: own
extends: base
with: [mist]
sensors: {back: {yaw: 180 deg}, near: {readout: 1 ms}}
"""
    folder = shelf(base=BASE + sensors, own=own)
    assert open_scenario("own", folder).data["sensors"] == {
        "left": {"yaw": "90 deg", "readout": "20 ms"},
        "roof": {"kind": "lidar"},
        "back": {"readout": "20 ms", "yaw": "180 deg"},
        "near": {"readout": "1 ms"},
    }


def test_null_takes_away(shelf):
    own = """\
scenario: own
extends: base
with: [dark]
light: null
odd: null
actors: {one: null}
require: null
"""
    logical = loaded(shelf(own=own), "own")
    assert list(logical.actors) == ["ego"]
    assert logical.light.headlights is None
    assert logical.constraints == ()
    assert logical.odd == ()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"own": OWN.replace("400 m", "400 s")}, r"own\.yaml:5:23: 'visibility' needs a length"),
        ({"base": BASE.replace("0.4", "3 m")}, None),
        ({"base": BASE.replace("200 m", "200 s")}, r"base\.yaml:6:32: 'length' needs a length"),
        (
            {"mixins/mist": MIST.replace("{log_uniform: [300 m, 900 m]}", "3 s")},
            r"mist\.yaml:7:11: '>' needs two alike",
        ),
        (
            {"mixins/mist": MIST.replace("rain: null", "rian: 3 mm/h")},
            r"mist\.yaml:5:11: unknown key 'rian' \(did you mean 'rain'",
        ),
        (
            {"mixins/mist": MIST.replace("readout", "raedout")},
            r"mist\.yaml:6:11: unknown key 'raedout' \(did you mean 'readout'",
        ),
        ({"mixins/mist": MIST + "sensor: 3\n"}, r"mist\.yaml:8:1: .*did you mean 'sensors'"),
        ({"mixins/mist": MIST + "scenario: x\n"}, r"own\.yaml:3:8: .*name it under 'extends'"),
        ({"mixins/mist": MIST.replace("mixin: mist", "mixin: 3")}, r"mist\.yaml:1:8: .*has a name"),
        (
            {"mixins/mist": MIST.replace("mist_sight", "sight")},
            r"mist\.yaml:4:14: the parameter of a mix-in is named after it: 'mist_sight'",
        ),
        (
            {"base": BASE.replace("gap: 9 m}", "gap: 9 m, mist_sight: 3 m}")},
            r"mist\.yaml:4:14: .*base\.yaml has a parameter 'mist_sight' already",
        ),
        ({"own": OWN.replace("[mist,", "[mits,")}, r"own\.yaml:3:8: .*did you mean 'mist'"),
        ({"own": OWN.replace(": base", ": bse")}, r"own\.yaml:2:10: .*did you mean 'base'"),
        ({"own": OWN.replace(": base", ": ./no.yaml")}, r"own\.yaml:2:10: .*cannot be read"),
        ({"own": OWN.replace(": base", ": ./mixins/mist.yaml")}, r"own\.yaml:2:10: .*under 'with'"),
        ({"own": OWN.replace("[mist, dark]", "mist")}, r"own\.yaml:3:7: 'with' is a list"),
        ({"own": OWN.replace(": base", ": [base]")}, r"own\.yaml:2:10: 'extends' is the name"),
        ({"own": OWN.replace("scenario: own\n", "")}, r"own\.yaml:1:1: 'scenario' is missing"),
        (
            {"base": BASE + "extends: own\n"},
            r"base\.yaml:13:10: circular: .*own\.yaml needs .*base\.yaml needs .*own\.yaml",
        ),
        (
            {"mixins/mist": MIST + "with: [mist]\n"},
            r"mist\.yaml:8:8: circular: .*mist\.yaml needs .*mist\.yaml",
        ),
        ({"own": OWN.replace("[mist, dark]", f"[{'dark, ' * (MAX_LAYERS + 1)}]")}, "at most 32"),
        ({"mixins/mist": MIST.replace("cameras: {readout: 20 ms}", "cameras: 3")}, "is a mapping"),
    ],
)
def test_what_is_wrong_is_said_where_it_stands(shelf, changed, message):
    folder = shelf(**changed)
    if message is None:  # what a later layer replaces is never read
        loaded(folder, "own")
        return
    with pytest.raises(ScenarioError) as caught:
        loaded(folder, "own")
    assert re.search(message, str(caught.value)), str(caught.value)


def test_nesting_is_bounded(shelf):
    chain = {f"s{i}": f"scenario: s{i}\nextends: s{i + 1}\n" for i in range(MAX_NESTING + 2)}
    with pytest.raises(ScenarioError, match=r"s8\.yaml:2:10: .*at most 8 deep"):
        loaded(shelf(**chain), "s0")


def test_what_keeps_doubling_is_refused(shelf):
    chain = {
        f"mixins/m{i}": f"mixin: m{i}\ndescription: x\nwith: [m{i + 1}, m{i + 1}]\n"
        for i in range(9)
    }
    with pytest.raises(ScenarioError, match=r"nest at most|at most 32 others"):
        loaded(shelf(**chain), "base+m0")


def test_plans_take_mixins(shelf):
    folder = shelf(
        plan="""\
plan: wet
generate:
  - {scenario: base+mist, num_scenes: 2}
  - {scenario: ./base.yaml+dark, num_scenes: 1, name: other, override: {light.sun_elevation: 5 deg}}
"""
    )
    first, second = load_plan(folder / "plan.yaml", folder).entries
    assert first.logical.digest == loaded(folder, "base+mist").digest
    assert first.base == "base+mist"
    assert second.logical.name == "other"
    assert second.logical.light.sun_elevation.raw == "5 deg"
    entry = "{scenario: base, name: x, num_scenes: 1, override: {with: [mist]}}"
    (folder / "bad.yaml").write_text(f"plan: p\ngenerate: [{entry}]\n")
    with pytest.raises(ScenarioError, match=r"bad\.yaml:2:64: 'with' is no override"):
        load_plan(folder / "bad.yaml", folder)


def test_the_library_of_mixins():
    mixins = list_mixins()
    assert len(mixins) >= 12
    for mixin in mixins:
        assert len(mixin.description) > 15, mixin.name
        assert mixin.odd, mixin.name
        assert load_scenario(f"night_jaywalk+{mixin.name}").name == f"night_jaywalk_{mixin.name}"
