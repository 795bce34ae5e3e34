"""Which design gives a scene its candidates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from pydantic import ValidationError

from scenegen.errors import InputError, Place, nearest
from scenegen.sample.designs.plans import Plan, plan_of
from scenegen.sample.designs.screening import Run
from scenegen.sample.designs.sequences import BLOCKS, sequence_of
from scenegen.sample.designs.sources import BoxPoints, Sifted
from scenegen.sample.designs.strata import strata_of
from scenegen.sample.designs.tilt import TiltedPoints, tilt_of
from scenegen.sample.points import PointSource, UniformPoints
from scenegen.scenario import LogicalScenario
from scenegen.scenario.designs import KEYS, DesignEntry, DesignError, read_design
from scenegen.scenario.syntax import Type
from scenegen.seeds import SceneKey


def with_design(
    logical: LogicalScenario, wanted: str | dict[str, Any] | None, num_scenes: int | None = None
) -> LogicalScenario:
    """Return a scenario with a design in place of its own.

    Parameters
    ----------
    wanted : str or dict or None
        As a YAML would have it under ``design``; None keeps the scenario's own.
    num_scenes : int, optional
        Scenes of the run, which a Latin hypercube without a size is made for.

    Raises
    ------
    InputError
        The design makes no sense for the scenario.
    """
    design, place = logical.design, logical.design_place
    if wanted is not None:
        place = Place(f"design={wanted}")
        try:
            entry = DesignEntry.model_validate(wanted)
            design = read_design(entry, logical.parameters, _types(logical))
        except ValidationError as error:
            first = error.errors()[0]
            named = wanted if isinstance(wanted, str) else str(wanted.get("kind"))
            told = first["msg"]
            if first["type"] == "literal_error":
                told = f"unknown design {named!r}{nearest(named, KEYS)}"
            raise InputError(f"design={wanted}: {told}") from None
        except DesignError as error:
            raise InputError(f"design={wanted}: {error}") from error
    design = design if num_scenes is None else design.sized(num_scenes)
    return replace(logical, design=design, design_place=place)


def _types(logical: LogicalScenario) -> dict[str, Type]:
    drawn = {name: distribution.type for name, distribution in logical.parameters.items()}
    return {**drawn, **{name: node.type for name, node in logical.derived.items()}}


def points_of(logical: LogicalScenario, key: SceneKey) -> PointSource:
    """Return where a scene's candidates come from; it depends on nothing but its arguments."""
    run, generator = Run(key.digest, key.seed, logical), key.generator("sample")
    design = logical.design
    uniform = UniformPoints(generator, run.dimension)
    low, high = np.zeros(run.dimension), np.ones(run.dimension)
    if design.kind in BLOCKS and run.dimension:
        return BoxPoints(generator, low, high, sequence_of(run).point(key.index))
    cell = _cell(run, key.index, generator)
    if cell is not None:
        return cell
    if design.kind == "stratified":
        return Sifted(uniform, strata_of(run).belong(key.index))
    if design.kind == "importance" and design.criticality is not None:
        return TiltedPoints(tilt_of(run), generator, run.dimension)
    return uniform


def cell_points(
    logical: LogicalScenario, key: SceneKey, generator: np.random.Generator
) -> PointSource | None:
    """Return independent points of the cell that a scene is made in.

    None where the design has none, and a scene's place doesn't depend on how often bodies fit.
    """
    cell = _cell(Run(key.digest, key.seed, logical), key.index, generator)
    return None if cell is None else replace(cell, first=None)


@dataclass(frozen=True)
class Part:
    """The part of the space that a design makes a scene in.

    Attributes
    ----------
    name : str
        Such as ``cell 'gap = 5..8 m' of the design 'pairwise'``.
    points : PointSource
        Points of it.
    """

    name: str
    points: PointSource


def part_of(logical: LogicalScenario, key: SceneKey, generator: np.random.Generator) -> Part | None:
    """Return the part of the space that a scene is made in; None where that is all of it."""
    run, design = Run(key.digest, key.seed, logical), logical.design
    points = cell_points(logical, key, generator)
    if points is not None:
        plan, at = _planned(run, key.index)
        named = plan.space.named(plan.cells[at])
        return Part(f"cell {named!r} of the design {design.kind!r}", points)
    if design.kind == "stratified":
        strata = strata_of(run)
        text = design.strata[strata.which[key.index % len(strata.which)]].text
        return Part(f"stratum {text!r} of the design", points_of(logical, key))
    return None


def _cell(run: Run, index: int, generator: np.random.Generator) -> BoxPoints | None:
    """Return a scene's cell: the point that was found there, and independent ones from then on."""
    if not run.logical.design.planned or not run.dimension:
        return None
    plan, at = _planned(run, index)
    if not len(plan):
        return None
    low, high = plan.space.box(plan.cells[at : at + 1])
    weight = float(plan.log_weight[at])
    return BoxPoints(generator, low[0], high[0], plan.u[at], weight, marginal=True)


def _planned(run: Run, index: int) -> tuple[Plan, int]:
    """Return the plan that a scene belongs to, and its place there: block after block."""
    block = 0
    plan = plan_of(run, block)
    while len(plan) and index >= len(plan):
        index -= len(plan)
        block += 1
        plan = plan_of(run, block)
    return plan, index


def size_of(logical: LogicalScenario, seed: int) -> int | None:
    """Return how many scenes a design consists of; None if it goes on without end."""
    if logical.design.planned:
        return len(plan_of(Run(logical.digest, seed, logical), 0))
    return logical.design.size


def empty_cells(logical: LogicalScenario, seed: int) -> tuple[str, ...]:
    """Return the cells or strata of a design in which no draw meets the constraints."""
    run = Run(logical.digest, seed, logical)
    if logical.design.planned:
        return plan_of(run, 0).empty
    return strata_of(run).empty if logical.design.kind == "stratified" else ()
