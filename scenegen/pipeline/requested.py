"""What a run is asked for: scenarios by name, or a plan, as one list of entries."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scenegen.errors import InputError, UnsatisfiableError
from scenegen.pipeline.kept_runs import BUDGET, read_keep_if
from scenegen.pipeline.layers import layers_of
from scenegen.sample import draw, scenes_until, size_of, with_design
from scenegen.scenario import Plan, PlanEntry, load_plan, load_scenario
from scenegen.scenario.plan import MAX_BUDGET
from scenegen.simulate import check_undirected

if TYPE_CHECKING:
    from scenegen.pipeline.config import GenerateConfig

NUM_SCENES = 4
"""Scenes of each scenario where nobody says how many."""


def requested(config: GenerateConfig) -> Plan:
    """Load what is to be generated and make sure that each scenario can be drawn from.

    Raises
    ------
    InputError
        Neither or both of ``scenario=`` and ``plan=`` are given, or one of them is wrong.
    """
    if layers_of(config.layers) and config.renderer != "opengl":
        raise InputError("layers= needs renderer=opengl; the reference knows the usual ones only")
    if config.plan is None:
        if config.scenario is None:
            example = "scenario=night_jaywalk num_scenes=8 out=outputs/demo"
            raise InputError(f"generate needs scenario=… or plan=…; for example: {example}")
        if config.until_coverage is not None and config.num_scenes is None:
            raise InputError("until_coverage= needs num_scenes=…, the most scenes to make")
        if config.budget is not None and config.keep_if is None:
            raise InputError("budget= goes with keep_if=…, which says which runs to look for")
        plan = _designed(named_scenarios(config.scenario, config.first), config)
    else:
        _refuse_beside_plan(config)
        plan = sized(load_plan(config.plan))
    if config.until_coverage is not None and any(e.keep_if for e in plan.entries):
        raise InputError(
            "until_coverage= and keep_if= exclude each other: one counts draws, one runs"
        )
    for entry in plan.entries:
        try:
            check_undirected(draw(with_design(entry.logical, "random"), 0, 0))
        except UnsatisfiableError as error:
            if not entry.override:
                raise
            raise UnsatisfiableError(f"{entry.place}: {entry.logical.name}: {error}") from error
    if config.until_coverage is None:
        return plan
    return replace(plan, entries=tuple(_covering(e, config) for e in plan.entries))


def _covering(entry: PlanEntry, config: GenerateConfig) -> PlanEntry:
    """Return an entry with no more scenes than it takes to reach a coverage."""
    assert config.until_coverage is not None
    until = scenes_until(
        entry.logical, config.seed, entry.first, entry.num_scenes, config.until_coverage
    )
    return replace(entry, num_scenes=until)


def _designed(plan: Plan, config: GenerateConfig) -> Plan:
    """Return a plan with the design and the number of scenes that a run asks for."""
    entries = []
    for entry in plan.entries:
        logical = with_design(entry.logical, config.design)
        size = size_of(logical, config.seed) or NUM_SCENES
        num_scenes = config.num_scenes or max(size - config.first, 1)
        budget = config.budget
        if budget is None and config.num_scenes is None and size_of(logical, config.seed):
            budget = num_scenes
        keep_if = read_keep_if(config.keep_if, logical)
        made = replace(entry, logical=logical, num_scenes=num_scenes)
        entries.append(replace(made, keep_if=keep_if, budget=budget))
    return sized(replace(plan, entries=tuple(entries)))


def sized(plan: Plan) -> Plan:
    """Return a plan with budgets, whose Latin hypercubes have as many points as there are draws."""
    entries = []
    for entry in plan.entries:
        budget = entry.budget or min(BUDGET * entry.num_scenes, MAX_BUDGET)
        draws = entry.num_scenes if entry.keep_if is None else budget
        logical = with_design(entry.logical, None, entry.first + draws)
        budgeted = None if entry.keep_if is None else budget
        entries.append(replace(entry, logical=logical, budget=budgeted))
    return replace(plan, entries=tuple(entries))


def named_scenarios(names: str, first: int) -> Plan:
    """Return the plan that a comma list of scenarios stands for, a scene of each."""
    entries: dict[str, PlanEntry] = {}
    for name in (part.strip() for part in names.split(",")):
        if not name:
            continue
        entry = PlanEntry(load_scenario(name), name, 1, first)
        known = entries.setdefault(entry.logical.name, entry).logical
        if known.digest != entry.logical.digest:
            raise InputError(f"two different scenarios are called {known.name!r}; rename one")
    if not entries:
        raise InputError("scenario= is empty; `scenegen list` shows the library")
    return Plan("", tuple(entries.values()))


def _refuse_beside_plan(config: GenerateConfig) -> None:
    if config.scenario is not None:
        raise InputError("scenario= and plan= exclude each other; add the scenario to the plan")
    if config.design is not None:
        raise InputError("design= goes with scenario=; a plan's entry overrides 'design'")
    if config.keep_if is not None or config.budget is not None:
        key = "keep_if" if config.keep_if is not None else "budget"
        raise InputError(f"{key}= goes with scenario=; a plan says it for each of its entries")
    if config.num_scenes is not None or config.first:
        key = "num_scenes" if config.num_scenes is not None else "first"
        raise InputError(f"{key}= goes with scenario=; a plan says it for each of its entries")


def resolved_config(config: GenerateConfig, plan: Plan) -> dict[str, Any]:
    """Return the config as ``dataset.json`` has it.

    Of a plan there is its name and what its variants are made of; counts stand where those
    of a run without a plan do, so that a resumed run may change them.
    """
    values = config.model_dump(mode="json")
    values["scenario"] = ",".join(entry.logical.name for entry in plan.entries)
    for key in ("design", "until_coverage", "keep_if", "budget"):
        if values[key] is None:
            del values[key]
    values["layers"] = ",".join(layers_of(config.layers))
    if not values["layers"]:
        del values["layers"]
    counts = {entry.logical.name: entry.num_scenes for entry in plan.entries}
    if config.plan is None:
        del values["plan"]
        alike = len(set(counts.values())) == 1
        values["num_scenes"] = next(iter(counts.values())) if alike else counts
        return values
    values["num_scenes"] = counts
    values["first"] = {entry.logical.name: entry.first for entry in plan.entries}
    values["plan"] = {
        "name": plan.name,
        "variants": {
            entry.logical.name: {"scenario": entry.base, "override": entry.override}
            | ({} if entry.keep_if is None else {"keep_if": entry.keep_if.text})
            for entry in plan.entries
        },
    }
    return values
