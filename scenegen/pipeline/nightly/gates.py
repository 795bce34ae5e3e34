"""What a version has to hold before it is published."""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import numpy as np

from scenegen.dataset import open_dataset
from scenegen.dataset.canonical import canonical_json
from scenegen.dataset.layout import read_manifest, scene_folders
from scenegen.errors import InputError
from scenegen.pipeline.config import VerifyConfig
from scenegen.pipeline.nightly.code import code_digest
from scenegen.pipeline.nightly.store import Made, Store, finish, key_of
from scenegen.pipeline.nightly.version import DATA, GATES, GateResult, Version
from scenegen.pipeline.verify import verify
from scenegen.sample import pairs_covered

if TYPE_CHECKING:
    from scenegen.pipeline.nightly.plan import NightlyPlan

SHOWN = 3
VERIFYING = "scenegen.pipeline.verify"


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


def judge_version(
    plan: NightlyPlan, version: Version, folder: Path, store: Store, workers: int, stream: TextIO
) -> tuple[GateResult, ...]:
    """Hold a version against all gates of its plan; each is judged, whatever others say.

    Parameters
    ----------
    version : Version
        Without gates.
    folder : Path
        Of the version, with its data in it; results of gates go below ``gates``.
    store : Store
        Remembers which scenes hold every check.

    Raises
    ------
    InputError
        What a gate was told makes no sense here, such as a folder that isn't there.
    """
    gates: dict[str, Callable[[], tuple[bool, str]]] = {
        "complete": lambda: _complete(plan, len(version.quarantined))
    }
    if plan.verify:
        gates["verify"] = lambda: _verified(folder, store, workers, stream)
    if plan.pairs is not None:
        gates["pairs"] = lambda: _covered(plan, folder)
    if plan.evaluate is not None:
        gates["evaluate"] = lambda: _evaluated(plan, folder)
    if plan.drive is not None:
        gates["drive"] = lambda: _driven(plan, folder, workers, stream)
    return tuple(_judged(name, gate) for name, gate in gates.items())


def _judged(name: str, gate: Callable[[], tuple[bool, str]]) -> GateResult:
    begin = time.monotonic()
    passed, told = gate()
    return GateResult(
        name=name, passed=passed, told=told, seconds=round(time.monotonic() - begin, 3)
    )


def _complete(plan: NightlyPlan, quarantined: int) -> tuple[bool, str]:
    most = plan.max_quarantined
    told = f"{quarantined} scenes are missing" if quarantined else "no scene is missing"
    return quarantined <= most, f"{told}, {most} may be"


def verify_key(manifest: str) -> str:
    """Return the key under which it is noted that a scene holds every check.

    Parameters
    ----------
    manifest : str
        Digest of its ``files.json``.
    """
    return key_of("verify", {"code": code_digest(VERIFYING), "manifest": manifest})


def _verified(folder: Path, store: Store, workers: int, stream: TextIO) -> tuple[bool, str]:
    """Check scenes that weren't checked before, and all that joins them."""
    manifests = open_dataset(folder / DATA).info.manifests
    keys = {name: verify_key(digest) for name, digest in manifests.items()}
    trusted = {name for name, key in keys.items() if store.made("verify", key) is not None}
    config = VerifyConfig(dataset=str(folder / DATA), workers=workers)
    found = verify(config, stream, trusted)
    checked = f"{found.scenes} scenes, {found.frames} frames"
    if trusted:
        checked += f", {len(trusted)} scenes as before"
    if found.ok:
        for name in keys.keys() - trusted:
            with store.making("verify", keys[name]) as entry:
                finish(entry, Made(value=keys[name]))
        return True, f"{checked}: every check holds"
    first = "; ".join(found.violations[:SHOWN])
    return False, f"{checked}: {len(found.violations)} violations, such as {first}"


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
