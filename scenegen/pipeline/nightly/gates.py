"""What a version has to hold before it is published."""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import numpy as np

from scenegen.dataset.canonical import canonical_json
from scenegen.dataset.layout import read_manifest, scene_folders
from scenegen.errors import InputError
from scenegen.pipeline.nightly.verifying import verify_version
from scenegen.pipeline.nightly.version import DATA, GATES, GateResult, Version
from scenegen.sample import pairs_covered

if TYPE_CHECKING:
    from scenegen.pipeline.nightly.asked import Asked
    from scenegen.pipeline.nightly.plan import NightlyPlan

SHOWN = 3


def gates_digest(plan: NightlyPlan) -> str:
    """Return the digest of what is asked of a version."""
    asked = {
        "verify": plan.verify,
        "pairs": plan.pairs,
        "evaluate": None if plan.evaluate is None else plan.evaluate.model_dump(mode="json"),
        "drive": None if plan.drive is None else plan.drive.model_dump(mode="json"),
        "max_quarantined": plan.max_quarantined,
    }
    return hashlib.sha256(canonical_json(asked)).hexdigest()


def judge_version(asked: Asked, version: Version, folder: Path) -> tuple[GateResult, ...] | None:
    """Hold a version against all gates of its plan; each is judged, whatever others say.

    Parameters
    ----------
    version : Version
        Without gates.
    folder : Path
        Of the version, with its data in it; results of gates go below ``gates``.

    Returns
    -------
    tuple of GateResult or None
        None if the run was stopped before all were judged.

    Raises
    ------
    InputError
        What a gate was told makes no sense here, such as a folder that isn't there.
    """
    plan = asked.plan
    gates: dict[str, Callable[[], tuple[bool, str] | None]] = {
        "complete": lambda: _complete(plan, len(version.quarantined))
    }
    if plan.verify:
        gates["verify"] = lambda: _verified(asked, folder)
    if plan.pairs is not None:
        gates["pairs"] = lambda: _covered(plan, folder)
    if plan.evaluate is not None:
        gates["evaluate"] = lambda: _evaluated(plan, folder)
    if plan.drive is not None:
        gates["drive"] = lambda: _driven(plan, folder, asked.config.workers, asked.stream)
    judged = []
    for name, gate in gates.items():
        begin = time.monotonic()
        came = None if asked.guard.stop() else gate()
        if came is None:
            return None
        passed, told = came
        seconds = round(time.monotonic() - begin, 3)
        judged.append(GateResult(name=name, passed=passed, told=told, seconds=seconds))
    return tuple(judged)


def _complete(plan: NightlyPlan, quarantined: int) -> tuple[bool, str]:
    most = plan.max_quarantined
    told = f"{quarantined} scenes are missing" if quarantined else "no scene is missing"
    return quarantined <= most, f"{told}, {most} may be"


def _verified(asked: Asked, folder: Path) -> tuple[bool, str] | None:
    found = verify_version(asked, folder / DATA)
    if found is None:
        return None
    result = found.result
    checked = f"{found.checked} scenes, {result.frames} frames"
    if found.noted:
        checked += f", {found.noted} scenes as before"
    if result.ok:
        return True, f"{checked}: every check holds"
    first = "; ".join(result.violations[:SHOWN])
    return False, f"{checked}: {len(result.violations)} violations, such as {first}"


def _covered(plan: NightlyPlan, folder: Path) -> tuple[bool, str]:
    """Hold the pairs of values that scenes have against those that they could have."""
    assert plan.pairs is not None
    parameters: dict[str, list[dict[str, Any]]] = {}
    for path in scene_folders(folder / DATA):
        manifest = read_manifest(path)
        parameters.setdefault(manifest.scenario, []).append(manifest.parameters)
    shares = {}
    for entry in plan.plan.entries:
        logical = entry.logical
        own = parameters.get(logical.name, [])
        columns = {name: np.array([p[name] for p in own]) for name in (own[0] if own else {})}
        covered, possible = pairs_covered(logical, plan.generate.seed, columns) if own else (0, 1)
        shares[logical.name] = covered / possible if possible else 1.0
    least = min(shares, key=lambda name: shares[name])
    told = f"at least {shares[least]:.1%} of the pairs ({least}), {plan.pairs:.1%} asked for"
    return shares[least] >= plan.pairs, told


def _evaluated(plan: NightlyPlan, folder: Path) -> tuple[bool, str]:
    from scenegen.evaluate.summary import summary_text  # noqa: PLC0415
    from scenegen.pipeline.evaluate import evaluate  # noqa: PLC0415 - loads torch

    assert plan.evaluate is not None
    if not plan.evaluate.gate:
        raise InputError("gates.evaluate: gate: names no rule, such as 'kid<=0.05'")
    out = _anew(folder, "evaluation")
    asked = {"dataset": str(folder / DATA), "out": str(out)}
    found = evaluate(plan.evaluate.model_copy(update=asked))
    told = "; ".join(summary_text(found.evaluation).splitlines()[-SHOWN:])
    return found.evaluation.passed, told


def _driven(plan: NightlyPlan, folder: Path, workers: int, stream: TextIO) -> tuple[bool, str]:
    from scenegen.pipeline.drive import drive  # noqa: PLC0415

    assert plan.drive is not None
    config = plan.drive
    if config.max_failures is None:
        config = config.model_copy(update={"max_failures": 0})
    out = _anew(folder, "drive")
    found = drive(config.model_copy(update={"out": str(out), "workers": workers}), stream)
    failed = len(found.failed) + len(found.errors)
    told = f"{config.agent} failed in {failed} of {len(found.episodes) + len(found.errors)} "
    return not found.too_many, f"{told}episodes, {config.max_failures} may"


def _anew(folder: Path, name: str) -> Path:
    """Return an empty place for a gate's results; those of an interrupted run go."""
    out = folder / GATES / name
    if out.exists():
        shutil.rmtree(out)
    return out
