"""What an audit proposes gives the cells that it promises, and closes the gaps that it found."""

from __future__ import annotations

import importlib.util
import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from scenegen.api import audit, generate
from scenegen.assets import person_look
from scenegen.cli import main
from scenegen.dataset import open_dataset
from scenegen.errors import DatasetError, OutputError, ScenarioError
from scenegen.pipeline.remedy import Order, remedies
from scenegen.pipeline.remedy.allot import allot, scenes_needed
from scenegen.pipeline.remedy.origins import origin_of
from scenegen.records.odd import conditions
from scenegen.report.audit import parse_target, sightings_of
from scenegen.sample import draw
from scenegen.scenario import load_scenario, parse_plan

PAGE = Path(__file__).parents[2] / "docs/audit.md"


def _sets() -> ModuleType:
    path = Path(__file__).parents[1] / "report" / "audit_sets.py"
    spec = importlib.util.spec_from_file_location("audit_sets", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


made = _sets()


def facts_of(concretes):
    """Return what a data set of some scenes would show if everybody were in sight."""
    scenes = []
    for number, concrete in enumerate(concretes):
        people = [
            replace(
                made.person(actor.instance_id),
                name=actor.name,
                look=person_look(actor.asset_id, actor.variant),
            )
            for actor in concrete.actors
            if actor.category == "person"
        ]
        fact = replace(
            made.scene(number),
            scenario=concrete.name,
            weather=concrete.weather,
            light=concrete.light,
            conditions=conditions(concrete.weather, concrete.light),
        )
        scenes.append((fact, [people]))
    return made.facts(scenes)


def cells_of(concrete, who="child"):
    """Return skin tone of somebody, and the scene's light."""
    actor = next(a for a in concrete.actors if a.name == who)
    look = person_look(actor.asset_id, actor.variant)
    return look.skin_tone, conditions(concrete.weather, concrete.light)["illumination"]


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    """Return the file of the scenario that docs/audit.md shows."""
    found = re.search(r"```yaml\n(scenario: day_jaywalk.*?)```", PAGE.read_text(), re.DOTALL)
    path = tmp_path_factory.mktemp("scenario") / "day_jaywalk.yaml"
    path.write_text(found.group(1))
    return path


@pytest.fixture(scope="module")
def skewed(scenario):
    """Return the facts of 30 drawn scenes and where their scenario is from."""
    logical = load_scenario(str(scenario))
    facts = facts_of([draw(logical, 0, index) for index in range(30)])
    return facts, {"day_jaywalk": origin_of(str(scenario))}


def propose(skewed, tmp_path, of, scenes, anew):
    facts, origins = skewed
    spec = parse_target(f"audit: t\ntargets: [{{of: {of}, shares: uniform}}]", "t.yaml")
    order = Order(scenes, anew, tmp_path)
    return remedies(sightings_of([facts], spec.factors), spec.targets, origins, order)[0]


def scenes_of(remedy, tmp_path):
    plan = parse_plan(remedy.text, "plan.yaml", tmp_path)
    return [
        draw(entry.logical, 0, index) for entry in plan.entries for index in range(entry.num_scenes)
    ]


def test_strata_give_each_cell_its_scenes(skewed, tmp_path):
    remedy = propose(skewed, tmp_path, "[skin_tone, light]", 24, True)
    counts = Counter(cells_of(concrete) for concrete in scenes_of(remedy, tmp_path))
    # Six tones in four lights, one of each; low sun, which the scenario never has, among them.
    assert remedy.out_of_reach == ()
    assert len(counts) == 24
    assert set(counts.values()) == {1}
    assert remedy.before > 0.5
    assert remedy.expected < 0.05


def test_scenes_beside_the_set_fill_what_lacks(skewed, tmp_path):
    facts, _ = skewed
    remedy = propose(skewed, tmp_path, "light", 12, False)
    added = Counter(cells_of(concrete)[1] for concrete in scenes_of(remedy, tmp_path))
    had = Counter(scene.conditions["illumination"] for scene in facts.scenes)
    assert remedy.scenes == sum(added.values()) == 12
    together = np.array([had[name] + added[name] for name in made.SUN_DEG]) / 42
    assert 0.5 * np.abs(together - 0.25).sum() == pytest.approx(remedy.expected, abs=1e-9)
    assert remedy.expected < 0.7 * remedy.before
    assert added["day"] == 0


@pytest.mark.parametrize(
    ("of", "scenes"),
    [
        ("weather", 5),
        ("street_lamps", 2),
        ("clothing", 3),
        pytest.param("[clothing, skin_tone]", 18, marks=pytest.mark.slow),
    ],
)
def test_other_factors_are_reached_too(skewed, tmp_path, of, scenes):
    remedy = propose(skewed, tmp_path, of, scenes, True)
    assert remedy.text
    concretes = scenes_of(remedy, tmp_path)
    assert len(concretes) == scenes
    again = sightings_of([facts_of(concretes)], parse_target("audit: t", "t").factors)
    names = of.strip("[]").split(", ")
    cells = set(zip(*(again.codes[name].tolist() for name in names), strict=True))
    promised = np.prod([len(again.factors[name].cells) for name in names])
    assert len(cells) >= promised - len(remedy.out_of_reach)


def test_targets_of_the_same_factors_have_plans_of_their_own(skewed, tmp_path):
    facts, origins = skewed
    some = "{of: light, shares: {night: 1}}"
    people = "{of: light, classes: [person], shares: uniform}"
    spec = parse_target(f"audit: t\ntargets: [{some}, {people}, {some}]", "t.yaml")
    seen = sightings_of([facts], spec.factors)
    found = remedies(seen, spec.targets, origins, Order(4, True, tmp_path))
    assert [remedy.name for remedy in found] == ["light", "light_person", "light_3"]
    assert all(remedy.text for remedy in found)


def test_scenes_are_shared_among_the_scenarios_that_come_to_a_cell(skewed, tmp_path):
    facts, origins = skewed
    other = [replace(scene, scenario="farside_runner") for scene in facts.scenes[:15]]
    both = replace(facts, scenes=(*other, *facts.scenes[15:]))
    two = {**origins, "farside_runner": origin_of("farside_runner")}
    spec = parse_target("audit: t\ntargets: [{of: [light, street_lamps], shares: uniform}]", "t")
    order = Order(8, True, tmp_path)
    remedy = remedies(sightings_of([both], spec.factors), spec.targets, two, order)[0]
    counts = Counter[str]()
    for entry in parse_plan(remedy.text, "plan.yaml", tmp_path).entries:
        counts["farside" if "farside" in entry.base else "day"] += entry.num_scenes
    assert counts == {"farside": 4, "day": 4}


def test_what_nothing_decides_gets_no_plan(skewed, tmp_path):
    remedy = propose(skewed, tmp_path, "distance", 30, True)
    assert (remedy.text, remedy.scenes) == ("", 0)
    assert len(remedy.out_of_reach) == 4


def test_a_set_that_is_even_needs_no_scene():
    counts, target = np.array([5.0, 5.0]), np.array([0.5, 0.5])
    assert scenes_needed(counts, target, 1.0, np.array([True, True])) == 0
    assert scenes_needed(np.array([9.0, 3.0]), target, 2.0, np.array([True, True])) == 3
    assert allot(np.array([9.0, 3.0]), target, np.eye(2), 6).tolist() == [0, 6]
    assert allot(np.array([9.0, 3.0]), target, np.eye(2), 10).tolist() == [2, 8]
    assert allot(counts, target, np.zeros((2, 2)), 6).tolist() == [0, 0]


@pytest.fixture(scope="module")
def small(tmp_path_factory, scenario):
    """Return a rendered set of three scenes."""
    out = tmp_path_factory.mktemp("audit") / "small"
    generate(scenario=str(scenario), num_scenes=3, out=str(out), quality="fast")
    return out


def test_the_verb_writes_json_a_page_and_plans(small, scenario, tmp_path, capsys):
    target = tmp_path / "t.yaml"
    target.write_text("audit: t\nthin: 1\ntargets: [{of: light, shares: {low sun: 1}}]\n")
    words = [f"dataset={small}", f"out={tmp_path / 'a'}", f"target={target}"]
    with pytest.raises(SystemExit) as ended:
        main(["audit", *words, f"scenario={scenario}", "max_gap=0.05"])
    assert ended.value.code == 1  # it never has a low sun
    told = capsys.readouterr()
    assert "light: 100.0%" in told.out
    plan = (tmp_path / "a" / "proposals" / "light.yaml").read_text()
    assert "light.sun_elevation: {uniform: [0 deg, 10 deg]}" in plan
    assert "over max_gap: light" in told.err
    found = json.loads((tmp_path / "a" / "audit.json").read_text())
    assert found["scenes"] == 3
    assert [gap["name"] for gap in found["gaps"]] == ["light"]
    assert "Balance" in (tmp_path / "a" / "audit.html").read_text()
    looks = next(f for f in found["factors"] if f["name"] == "skin_tone")
    assert looks["unknown"] == 0
    assert sum(cell["objects"] for cell in looks["cells"]) > 0
    with pytest.raises(OutputError, match="resume=true"):
        audit(dataset=str(small), out=str(tmp_path / "a"))


def test_a_scenario_that_is_not_in_the_library_is_asked_for(small, tmp_path):
    result = audit(dataset=str(small), out=str(tmp_path / "b"))
    assert not result.proposals
    assert any("scenario= names it" in note for note in result.notes)


def test_several_sets_are_one(small, tmp_path):
    once = audit(dataset=str(small), out=str(tmp_path / "c"))
    twice = audit(dataset=f"{small},{small}", out=str(tmp_path / "d"))
    assert twice.audit.scenes == 2 * once.audit.scenes
    assert twice.audit.tracks == 2 * once.audit.tracks
    shares = [[c.share for f in a.audit.factors for c in f.cells] for a in (once, twice)]
    assert shares[0] == pytest.approx(shares[1])


def test_a_filter_that_leaves_nothing_and_a_wrong_target_are_refused(small, tmp_path):
    with pytest.raises(DatasetError, match="no whole scene"):
        audit(dataset=str(small), out=str(tmp_path / "e"), filter="log_weight > 1e9")
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("audit: w\ntargets: [{of: lite, shares: uniform}]\n")
    with pytest.raises(ScenarioError, match=r"wrong\.yaml:2:16: unknown factor 'lite'"):
        audit(dataset=str(small), out=str(tmp_path / "f"), target=str(wrong))


@pytest.mark.slow
def test_the_proposed_strata_close_the_gap(scenario, tmp_path):
    """A skewed set, the plan that its audit proposes, and that plan's set audited again."""
    keys = {"quality": "fast"}
    before, after = tmp_path / "before", tmp_path / "after"
    target = tmp_path / "t.yaml"
    target.write_text(
        "audit: t\ntargets: [{of: [skin_tone, light], shares: uniform}]\n"
        "independent: [[skin_tone, light]]\n"
    )
    common = {"scenario": str(scenario), "target": str(target)}
    generate(scenario=str(scenario), num_scenes=24, out=str(before), **keys)
    first = audit(dataset=str(before), out=str(tmp_path / "a"), anew=True, num_scenes=24, **common)
    (plan,) = first.proposals
    generate(plan=str(plan), out=str(after), **keys)
    second = audit(dataset=str(after), out=str(tmp_path / "b"), **common)
    gaps = [result.audit.gaps[0].distance for result in (first, second)]
    assert len(open_dataset(after)) == 24
    assert gaps[0] > 0.55
    assert gaps[1] < 0.35  # as near as 24 scenes of two people come; 60 scenes come nearer
    assert gaps[1] < second.audit.gaps[0].of_chance
    assert first.audit.associations[0].dependent
    assert not second.audit.associations[0].dependent
