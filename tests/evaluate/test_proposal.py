"""Proposals: they read back as plans, aim at what is planted, and are the same every time."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from scenegen.dataset import DatasetInfo, ScenarioEntry
from scenegen.evaluate.gaps.conditions import (
    Condition,
    impossible_words,
    overrides_for,
    wanted_conditions,
)
from scenegen.evaluate.gaps.crowds import Shortage, rows_of_people, shortage_of_people
from scenegen.evaluate.gaps.mixture import apportion, misfit, mix, spread
from scenegen.evaluate.gaps.origins import Origin, origins_of
from scenegen.evaluate.gaps.plan_text import flow, plan_name
from scenegen.evaluate.gaps.profile import UNKNOWN, Profile, cells_of
from scenegen.evaluate.gaps.run import GapOutcome, Verdicts, find_gaps, gaps
from scenegen.evaluate.gaps.tuning import tune, written
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.memo import Memo
from scenegen.evaluate.results import Section
from scenegen.evaluate.study import Study
from scenegen.evaluate.utility.prepared import prepare
from scenegen.evaluate.utility.run import UtilityOutcome
from scenegen.evaluate.utility.training import Predicted
from scenegen.scenario import list_scenarios, load_scenario, parse_plan
from scenegen.scenario.continuous import FAMILIES
from scenegen.scenario.drawn import parse_distribution
from tests.evaluate.disk_sets import disk_set
from tests.evaluate.memory_sets import SPACE

LIBRARY = [info.name for info in list_scenarios()]
ROAD, CAR, PERSON = range(3)


# -- the mixture ------------------------------------------------------------------------------


def test_the_scenario_that_has_what_lacks_gets_the_scenes() -> None:
    scenarios = np.array([[4.0, 0.1], [0.1, 3.0], [0.0, 0.0]])
    none = np.zeros_like(scenarios)
    have, want = np.array([0.2, 3.0]), np.array([2.0, 3.0])
    found = mix(("people", "cars", "nothing"), scenarios, none, have, want, np.ones(2), 0.5)
    assert found.shares.sum() == pytest.approx(1)
    assert np.argmax(found.shares) == 0
    assert found.misfit_after < found.misfit_before


def test_a_target_that_is_a_mixture_is_found() -> None:
    generator = np.random.default_rng(0)
    scenarios = generator.uniform(0.5, 5, (3, 12))
    truth = np.array([0.6, 0.1, 0.3])
    target = truth @ scenarios
    found = mix(
        ("a", "b", "c"), scenarios, np.zeros((3, 12)), np.zeros(12), target, np.ones(12), 1.0, 0.0
    )
    assert found.shares == pytest.approx(truth, abs=1e-6)
    assert found.misfit_after == pytest.approx(0, abs=1e-6)


def test_what_is_doubtful_is_trusted_less() -> None:
    scenarios = np.array([[2.0], [2.0]])
    doubt = np.array([[0.01], [4.0]])
    found = mix(("sure", "unsure"), scenarios, doubt, np.zeros(1), np.full(1, 2.0), np.ones(1), 1.0)
    assert found.shares[0] > 0.6


def test_a_misfit_is_between_none_and_all() -> None:
    target, weights = np.array([1.0, 2.0]), np.array([3.0, 1.0])
    assert misfit(target, target, weights) == 0
    assert misfit(np.zeros(2), target, weights) == 1
    assert misfit(np.array([0.5, 2.0]), target, weights) == pytest.approx(0.75 * 0.5)


SHARES = st.lists(st.floats(0.01, 1), min_size=1, max_size=8).map(np.array)


@given(st.integers(0, 500), SHARES)
def test_apportioned_scenes_add_up_and_keep_to_their_quota(total: int, shares: np.ndarray) -> None:
    counts = apportion(total, shares)
    assert counts.sum() == total
    assert (np.abs(counts - total * shares / shares.sum()) < 1 + 1e-9).all()


@given(st.lists(st.integers(0, 40), min_size=1, max_size=6).map(np.array), SHARES)
def test_scenes_spread_over_conditions_add_up_both_ways(
    rows: np.ndarray, shares: np.ndarray
) -> None:
    counts = spread(rows, shares)
    assert (counts.sum(axis=1) == rows).all()
    exact = rows.sum() * shares / shares.sum()
    assert (np.abs(counts.sum(axis=0) - exact) <= len(shares)).all()


# -- light and weather ------------------------------------------------------------------------


def told(**words: list[str]) -> Profile:
    count = len(next(iter(words.values())))
    unknown = dict.fromkeys(("time_of_day", "weather"), (UNKNOWN,) * count)
    return Profile(
        cells_of(SPACE),
        np.zeros((count, len(cells_of(SPACE)))),
        np.full(count, 0.5),
        {**unknown, **{name: tuple(values) for name, values in words.items()}},
        np.arange(count),
        tuple(f"g{i}" for i in range(count)),
    )


def test_a_set_of_nights_beside_real_days_gets_days() -> None:
    ours, real = told(time_of_day=["night"] * 10), told(time_of_day=["day"] * 8 + ["dusk"] * 2)
    found = wanted_conditions(real, ours, {}, 0.5)
    assert [(c.words["time_of_day"], round(c.share, 6)) for c in found] == [
        ("day", 0.8),
        ("dusk", 0.2),
    ]


def test_what_the_set_has_already_is_not_asked_for_again() -> None:
    ours = told(time_of_day=["day"] * 10)
    real = told(time_of_day=["day"] * 5 + ["night"] * 5)
    found = wanted_conditions(real, ours, {}, 0.5)
    assert [dict(c.words) for c in found] == [{"time_of_day": "night"}]


def test_lights_in_which_the_model_errs_count_more() -> None:
    ours, real = told(time_of_day=["dusk"] * 4), told(time_of_day=["day"] * 5 + ["night"] * 5)
    found = wanted_conditions(real, ours, {("time_of_day", "night"): 2.0}, 1.0)
    assert found[0].words == {"time_of_day": "night"}
    assert found[0].share == pytest.approx(2 / 3)


def test_unknown_weather_is_left_alone_and_hail_is_not_promised() -> None:
    ours = told(time_of_day=["day"] * 4, weather=["clear"] * 4)
    assert wanted_conditions(told(weather=[UNKNOWN] * 4), ours, {}, 0.5)[0].words == {}
    real = told(weather=["hail", "hail", "rain", "rain"])
    assert {tuple(c.words.items()) for c in wanted_conditions(real, ours, {}, 0.5)} == {
        (("weather", "rain"),)
    }
    assert impossible_words(real) == ("hail",)


@pytest.mark.parametrize("name", LIBRARY)
def test_every_condition_fits_every_scenario(name: str) -> None:
    logical = load_scenario(name)
    entries = [
        {"scenario": name, "num_scenes": 1, "override": overrides_for(condition, logical, {})}
        for time in ("day", "dusk", "night")
        for weather in ("clear", "cloudy", "rain", "fog", "snow")
        for condition in (Condition({"time_of_day": time, "weather": weather}, 1.0),)
    ]
    text = json.dumps({"plan": "all", "generate": entries})
    plan = parse_plan(text, "plan", Path())
    assert len({entry.logical.digest for entry in plan.entries}) == 15


def test_what_a_scenario_is_anyway_is_not_overridden() -> None:
    condition = Condition({"time_of_day": "night", "weather": "clear"}, 1.0)
    usual = {"time_of_day": {"night": 1.0}, "weather": {"clear": 0.5, "cloudy": 0.5}}
    found = overrides_for(condition, load_scenario("night_jaywalk"), usual)
    assert not [path for path in found if path.startswith("light")]
    assert "weather.rain" in found


# -- parameters -------------------------------------------------------------------------------


def origin(scenes: int, generator: np.random.Generator) -> Origin:
    logical = load_scenario("night_jaywalk")
    draws: dict[str, dict[str, float | str]] = {}
    for name, drawn in sorted(logical.parameters.items()):
        values = drawn.sample(generator, scenes)
        draws[name] = {f"s{i:03d}": v.item() for i, v in enumerate(values)}
    return Origin("night_jaywalk", "night_jaywalk", {}, logical, draws)


def test_a_parameter_that_goes_with_what_lacks_is_narrowed_to_its_upper_half() -> None:
    generator = np.random.default_rng(0)
    made = origin(40, generator)
    noise = generator.normal(0, 0.2, 40)
    drawn = made.draws["actors.stroller.place.s"]
    need = {s: float(v) + n for (s, v), n in zip(drawn.items(), noise, strict=True)}
    found = tune(made, need, generator)
    assert [tuning.path for tuning in found] == ["actors.stroller.place.s"]
    assert found[0].rho > 0.9
    assert found[0].p_value < 0.01
    low, high = (float(end.split()[0]) for end in found[0].value["uniform"])
    assert 110 < low < high <= 165
    assert low == pytest.approx(np.median(list(drawn.values())), abs=1)


def test_a_text_that_goes_with_what_lacks_is_drawn_more_often() -> None:
    made = origin(40, np.random.default_rng(1))
    need = {s: float(v == "urban") for s, v in made.draws["road.surroundings"].items()}
    found = tune(made, need, np.random.default_rng(2))
    weights = found[0].value["categorical"]
    assert found[0].path == "road.surroundings"
    assert weights["urban"] / weights["suburban"] == pytest.approx(8, rel=1e-4)


def test_named_parameters_are_found_by_their_path() -> None:
    made = origin(40, np.random.default_rng(3))
    need = {s: -float(v) for s, v in made.draws["ego_speed"].items()}
    found = tune(made, need, np.random.default_rng(4))
    assert found[0].path == "parameters.ego_speed"
    assert "truncated_normal" in found[0].value["nominal"], "weights to the nominal stay right"


def test_chance_narrows_nothing_much() -> None:
    alarms = 0
    for seed in range(16):
        generator = np.random.default_rng(seed)
        made = origin(20, generator)
        need = {s: float(generator.random()) for s in made.draws["ego_speed"]}
        alarms += bool(tune(made, need, generator))
    assert alarms <= 3, "five in a hundred are expected"


def test_few_scenes_narrow_nothing() -> None:
    made = origin(6, np.random.default_rng(0))
    need = {s: float(v) for s, v in made.draws["ego_speed"].items()}
    assert tune(made, need, np.random.default_rng(0)) == ()


@pytest.mark.parametrize("name", LIBRARY)
def test_written_distributions_read_back(name: str) -> None:
    for drawn in load_scenario(name).parameters.values():
        plain = drawn.as_drawn
        if plain.kind not in {"categorical", "discrete", "fixed", *FAMILIES}:
            continue  # nor does a plan tune mixtures and conditions
        again = parse_distribution(written(plain))
        assert type(again) is type(plain)
        for field in dataclasses.fields(plain):
            value = getattr(plain, field.name)
            if isinstance(value, float):
                assert getattr(again, field.name) == pytest.approx(value, rel=1e-9)
            elif field.name == "probabilities":
                assert getattr(again, field.name) == pytest.approx(value, abs=1e-5)
            else:
                assert getattr(again, field.name) == value


VALUES = st.recursive(
    st.booleans()
    | st.integers(-1000, 1000)
    | st.text("abcxyz019 .-+:#'\"{}[],&*!|>%@`_", max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab1 .:-"), inner),
    max_leaves=8,
)


@given(VALUES)
def test_values_are_written_so_that_they_read_back(value: object) -> None:
    assert YAML(typ="safe", pure=True).load(f"v: {flow(value)}\n") == {"v": value}


def test_plans_have_names_that_plans_may_have() -> None:
    assert plan_name("my set@train") == "after_my_set_train"
    assert plan_name("…") == "after_this"


# -- the whole --------------------------------------------------------------------------------


def picture(*things: tuple[int, int, int, int, int]) -> np.ndarray:
    ids = np.full((48, 64), ROAD, np.uint8)
    for class_id, left, top, width, height in things:
        ids[top : top + height, left : left + width] = class_id
    return ids


PEOPLE = [(PERSON, 6 * k, 20, 12, 2) for k in range(1, 10, 3)]
SCENES, FRAMES = 4, 2


def synthetic(folder: Path, variants: Mapping[str, object] | None = None) -> MappedSet:
    """Return a data set of nights: people in night_jaywalk, cars in wet_cut_in."""
    content = {"night_jaywalk": PEOPLE, "wet_cut_in": [(CAR, 20, 20, 16, 14)]}
    groups = [f"{n}-{i:06d}" for n in sorted(content) for i in range(SCENES) for _ in range(FRAMES)]
    names = [group.rpartition("-")[0] for group in groups]
    labels = [picture(*content[name]) for name in names]
    words = [{"time_of_day": "night", "weather": "clear", "scenario": name} for name in names]
    dark = [np.full((48, 64, 3), 20, np.uint8)] * len(labels)
    made = disk_set(folder, "nights", dark, labels, groups, words)
    info = DatasetInfo(
        scenegen_version="0",
        seed=0,
        config={"plan": {"variants": variants}} if variants else {},
        scenarios=tuple(
            ScenarioEntry(name=name, digest=load_scenario(name).digest) for name in content
        ),
    )
    (made.images.root / "dataset.json").write_text(info.model_dump_json())
    speeds = np.linspace(8, 16, len(groups))
    table = {"scene": groups, "scenario": names, "param.ego_speed": speeds}
    pq.write_table(pa.table(table), made.images.root / "index.parquet")
    return made


def real(folder: Path, name: str) -> MappedSet:
    """Return daylight with a car and small people."""
    labels = [picture((CAR, i, 30, 16, 14), *PEOPLE) for i in range(12)]
    bright = [np.full((48, 64, 3), 150, np.uint8)] * 12
    return disk_set(folder, name, bright, labels, None, [{"time_of_day": "day"}] * 12)


def analyse(folder: Path, errors: bool = True) -> tuple[GapOutcome, MappedSet]:
    ours, val, test = synthetic(folder), real(folder, "val"), real(folder, "test")
    memo = Memo(folder / "kept")
    study = Study(SPACE, (ours,), test, None, val, 0, folder, memo)
    truth = np.stack([val.semantic(i) for i in range(len(val))])
    said = np.where(truth == PERSON, np.uint8(ROAD), truth)
    verdicts = Verdicts(val, truth, said, "tiny") if errors else None
    return find_gaps(study, ours, verdicts, (64, 48), 12), ours


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> GapOutcome:
    return analyse(tmp_path_factory.mktemp("gaps"))[0]


def plan_of(text: str) -> list[tuple[str, int, dict[str, object]]]:
    plan = parse_plan(text, "proposal.yaml", Path())
    return [(entry.base, entry.num_scenes, dict(entry.override)) for entry in plan.entries]


def test_the_proposal_gives_the_people_most_scenes_and_daylight(outcome: GapOutcome) -> None:
    assert outcome.proposal is not None
    entries = plan_of(outcome.proposal)
    assert sum(count for _, count, _ in entries) == 12
    base, count, override = entries[0]
    assert base == "night_jaywalk"
    assert count > 6
    assert override["light.sun_elevation"] == {"uniform": ["10 deg", "60 deg"]}
    assert override["light.street_lights"] is False
    assert not [path for path in override if path.startswith("weather")], "it isn't told"
    assert "small person" in outcome.proposal


def test_the_section_says_what_lacks_and_what_will_change(outcome: GapOutcome) -> None:
    figures = {(r.name, r.slice): r for r in outcome.section.results}
    assert figures["gaps.share", "class=person"].value > 0.9
    assert figures["gaps.lost", "class=person,size=small"].value == 1
    assert figures["gaps.ratio", "class=person,size=small"].value == pytest.approx(0.5)
    assert figures["gaps.ratio", "time_of_day=night"].value is None
    before, after = figures["gaps.misfit", "all"], figures["gaps.misfit_planned", "all"]
    assert after.value < before.value
    for result in outcome.section.results:
        assert (result.ci_low is None) == (result.value is None)
        assert result.value is None or result.ci_low <= result.value <= result.ci_high
    assert any("mean luma" in flag.message or "weather" in flag.message
               for flag in outcome.section.flags)  # fmt: skip


def test_the_same_inputs_give_the_same_proposal(outcome: GapOutcome, tmp_path: Path) -> None:
    again, _ = analyse(tmp_path)
    assert again.proposal == outcome.proposal
    assert again.section == outcome.section


def test_without_a_validation_split_all_content_counts_alike(tmp_path: Path) -> None:
    found, _ = analyse(tmp_path, errors=False)
    assert found.proposal is not None
    assert plan_of(found.proposal)[0][0] == "night_jaywalk"
    assert any("no validation split" in flag.message for flag in found.section.flags)
    assert not [r for r in found.section.results if r.name in ("gaps.error", "gaps.share")]


def test_what_utility_predicted_is_what_is_analysed(tmp_path: Path, outcome: GapOutcome) -> None:
    ours, val, test = synthetic(tmp_path), real(tmp_path, "val"), real(tmp_path, "test")
    study = Study(SPACE, (ours,), test, None, val, 0, tmp_path, Memo(tmp_path / "kept"))
    prepared = prepare(val, "semantic", (64, 48), study.memo)
    truth = prepared.semantic(slice(None))
    np.save(tmp_path / "semantic.npy", np.where(truth == PERSON, np.uint8(ROAD), truth))
    said = Predicted(prepared, tmp_path)
    made = UtilityOutcome(Section(name="u", title="U"), "tiny", "0", {}, None, said)
    assert gaps(study, ours, made, 12).proposal == outcome.proposal
    unknown = dataclasses.replace(made, val=None)
    assert any("no validation" in f.message for f in gaps(study, ours, unknown, 12).section.flags)


def test_a_set_of_others_gets_an_analysis_and_no_proposal(tmp_path: Path) -> None:
    val, test = real(tmp_path, "val"), real(tmp_path, "test")
    foreign = real(tmp_path, "foreign")
    study = Study(SPACE, (foreign,), test, None, val, 0, tmp_path, Memo(tmp_path / "kept"))
    truth = np.stack([val.semantic(i) for i in range(len(val))])
    found = find_gaps(study, foreign, Verdicts(val, truth, truth, "m"), (64, 48))
    assert found.proposal is None
    assert any("not made by scenegen" in flag.message for flag in found.section.flags)


def test_variants_of_an_earlier_plan_are_built_upon(tmp_path: Path) -> None:
    variants = {"night_jaywalk": {"scenario": "wet_cut_in", "override": {"light.moon": 0.5}}}
    origins, flags = origins_of(synthetic(tmp_path, variants).images.roots)
    assert origins["night_jaywalk"].base == "wet_cut_in"
    assert origins["night_jaywalk"].logical.light.moon is not None
    assert any("has changed" in flag.message for flag in flags)
    assert origins["wet_cut_in"].draws["ego_speed"]["wet_cut_in-000000"] > 8


def test_a_variant_that_changes_nothing_but_its_name_is_known_again(tmp_path: Path) -> None:
    plan = parse_plan(
        "plan: p\ngenerate: [{scenario: wet_cut_in, name: wet_day, num_scenes: 1}]", "p", tmp_path
    )
    made = synthetic(tmp_path)
    info = DatasetInfo(
        scenegen_version="0",
        seed=0,
        config={"plan": {"variants": {"wet_day": {"scenario": "wet_cut_in", "override": {}}}}},
        scenarios=(ScenarioEntry(name="wet_day", digest=plan.entries[0].logical.digest),),
    )
    (made.images.root / "dataset.json").write_text(info.model_dump_json())
    origins, flags = origins_of(made.images.roots)
    assert origins["wet_day"].base == "wet_cut_in"
    assert not any("has changed" in flag.message for flag in flags)


def test_scenarios_that_the_library_lacks_are_named(tmp_path: Path) -> None:
    variants = {"night_jaywalk": {"scenario": "mine", "override": {}}}
    origins, flags = origins_of(synthetic(tmp_path, variants).images.roots)
    assert list(origins) == ["wet_cut_in"]
    assert any("night_jaywalk is not proposed" in flag.message for flag in flags)
    unseen = next(flag.message for flag in flags if "holds no scenes of" in flag.message)
    assert "behind_the_bus" in unseen


# -- people -----------------------------------------------------------------------------------


def test_people_who_walk_by_themselves_get_company() -> None:
    values = rows_of_people(load_scenario("red_light_cyclist"), Shortage("person", 0.5, 2.0))
    assert {path.split(".")[1] for path in values} == {"pedestrian", "pedestrian_left"}
    assert values["actors.pedestrian.count"] == {"discrete": [3, 4, 5]}
    text = json.dumps(
        {
            "plan": "p",
            "generate": [{"scenario": "red_light_cyclist", "num_scenes": 1, "override": values}],
        }
    )
    assert parse_plan(text, "plan", Path()).entries[0].logical.actors["pedestrian"].count


def test_those_whom_a_scenario_is_about_stay_alone() -> None:
    values = rows_of_people(load_scenario("night_jaywalk"), Shortage("person", 0.0, 2.0))
    assert {path.split(".")[1] for path in values} == {"stroller"}, "the child darts out alone"
    assert rows_of_people(load_scenario("night_jaywalk"), None) == {}


def test_a_shortage_is_what_the_mixture_leaves() -> None:
    cells = cells_of(SPACE)
    people = np.array([cell.class_id == PERSON and cell.size > 0 for cell in cells])
    target, weights = people * 1.0, people / 3
    empty = mix(("s",), np.zeros((1, len(cells))), np.zeros((1, len(cells))),
                np.zeros(len(cells)), target, weights, 0.5)  # fmt: skip
    short = shortage_of_people(cells, empty, target, weights, SPACE)
    assert short == Shortage("person", 0.0, 3.0)
    assert short.times == 5
    full = dataclasses.replace(empty, after=target)
    assert shortage_of_people(cells, full, target, weights, SPACE) is None
    assert shortage_of_people(cells, empty, target, weights * 0.01, SPACE) is None
