"""What a run is asked for: scenarios by name, or a plan, as one list of entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scenegen.errors import InputError, UnsatisfiableError
from scenegen.sample import draw
from scenegen.scenario import Plan, PlanEntry, load_plan, load_scenario

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
    if config.plan is None:
        if config.scenario is None:
            example = "scenario=night_jaywalk num_scenes=8 out=outputs/demo"
            raise InputError(f"generate needs scenario=… or plan=…; for example: {example}")
        plan = _named(config.scenario, config.num_scenes or NUM_SCENES, config.first)
    else:
        _refuse_beside_plan(config)
        plan = load_plan(config.plan)
    for entry in plan.entries:
        try:
            draw(entry.logical, 0, 0)
        except UnsatisfiableError as error:
            if not entry.override:
                raise
            raise UnsatisfiableError(f"{entry.place}: {entry.logical.name}: {error}") from error
    return plan


def _named(names: str, num_scenes: int, first: int) -> Plan:
    """Return the plan that a comma list of scenarios stands for."""
    entries: dict[str, PlanEntry] = {}
    for name in (part.strip() for part in names.split(",")):
        if not name:
            continue
        entry = PlanEntry(load_scenario(name), name, num_scenes, first)
        known = entries.setdefault(entry.logical.name, entry).logical
        if known.digest != entry.logical.digest:
            raise InputError(f"two different scenarios are called {known.name!r}; rename one")
    if not entries:
        raise InputError("scenario= is empty; `scenegen list` shows the library")
    return Plan("", tuple(entries.values()))


def _refuse_beside_plan(config: GenerateConfig) -> None:
    if config.scenario is not None:
        raise InputError("scenario= and plan= exclude each other; add the scenario to the plan")
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
    if config.plan is None:
        del values["plan"]
        values["num_scenes"] = config.num_scenes or NUM_SCENES
        return values
    values["num_scenes"] = {entry.logical.name: entry.num_scenes for entry in plan.entries}
    values["first"] = {entry.logical.name: entry.first for entry in plan.entries}
    values["plan"] = {
        "name": plan.name,
        "variants": {
            entry.logical.name: {"scenario": entry.base, "override": entry.override}
            for entry in plan.entries
        },
    }
    return values
