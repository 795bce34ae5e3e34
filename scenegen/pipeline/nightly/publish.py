"""A new version: data, refined data, exports; judged, and published if its gates hold."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scenegen.dataset import DatasetInfo, open_dataset
from scenegen.dataset.canonical import canonical_json
from scenegen.dataset.digest import recorded_digest
from scenegen.dataset.storage import storage_errors, write_atomic
from scenegen.pipeline.generate import describe
from scenegen.pipeline.nightly.building import (
    build_version,
    export_key,
    exporting_digest,
    heads_of,
    renewed_version,
)
from scenegen.pipeline.nightly.chain import noted_grounds
from scenegen.pipeline.nightly.changes import changes_between, write_changes
from scenegen.pipeline.nightly.destination import Destination
from scenegen.pipeline.nightly.gates import gates_digest, judge_version
from scenegen.pipeline.nightly.junit import version_junit
from scenegen.pipeline.nightly.store import STAGES, Stage
from scenegen.pipeline.nightly.verifying import verify_key
from scenegen.pipeline.nightly.version import (
    DATA,
    RENDERED,
    SHORT,
    Shelf,
    Version,
    all_versions,
)

if TYPE_CHECKING:
    from scenegen.dataset.searched import SearchedDraw
    from scenegen.pipeline.nightly.asked import Asked
    from scenegen.pipeline.nightly.scenes import SceneState
    from scenegen.pipeline.nightly.states import States

JUNIT = "junit.xml"


@dataclass(frozen=True)
class Searched:
    """Draws that were looked at to find scenes, and the keys of their runs."""

    draws: list[SearchedDraw]
    keys: set[str]


@dataclass(frozen=True)
class MadeVersion:
    """A version, and how it differs from the one before, in one line."""

    version: Version
    changes: str


def make_version(
    asked: Asked,
    states: States,
    failed: Mapping[str, str],
    searched: Searched,
    damaged: str = "",
) -> MadeVersion | None:
    """Put a version together, judge it and publish it; None if the run was stopped meanwhile.

    A version that is there already is not made again, and not judged again by the same gates.

    Parameters
    ----------
    damaged : str
        A version that is there and whose files aren't all what they were: if it is still what
        the plan says, it is put together once more.

    Raises
    ------
    DatasetError
        It then comes out otherwise.
    """
    shelf, last = asked.shelf, asked.shelf.latest()
    name = version_id(asked, states)
    known = shelf.find(name)
    same_gates = known is not None and known.gates_asked == gates_digest(asked.plan)
    if known is not None and same_gates and dict(known.quarantined) == dict(failed):
        if known.state == "published":
            if known.id == damaged:
                again = renewed_version(asked, known, states, searched.draws)
                if again is None:
                    return None
                known = again
            if last is None or last.id != known.id:
                shelf.point(known.id)
            _send(asked, known)
        return MadeVersion(known, "")
    folder = shelf.folder(name)
    if known is None and not build_version(asked, folder, states, searched.draws):
        return None
    version = _described(asked, name, folder, states, failed, last)
    version = version.model_copy(update={"looked_at": tuple(sorted(searched.keys))})
    gates = judge_version(asked, version, folder)
    if gates is None:
        return None
    state = "published" if all(gate.passed for gate in gates) else "candidate"
    version = version.model_copy(update={"gates": gates, "state": state})
    before = None if last is None or last.id == name else shelf.folder(last.id)
    changes = changes_between(folder, before)
    write_changes(folder, version, changes, before)
    with storage_errors(folder):
        write_atomic(folder / JUNIT, version_junit(version))
    shelf.write(version)
    if state == "published":
        shelf.point(name)
        _send(asked, version)
        _tidy(asked)
    return MadeVersion(version, str(changes))


def _send(asked: Asked, version: Version) -> None:
    """Publish a version at the plan's destination, if it has one and doesn't have that version."""
    plan = asked.plan
    if plan.destination is None:
        return
    place = Destination(plan.destination, plan.destination_options)
    if place.latest(plan.name) != version.id:
        place.publish(plan.name, version, asked.shelf.folder(version.id))
        place.retire(plan.name, asked.shelf.history()[: plan.keep])


def version_id(asked: Asked, states: States) -> str:
    """Return the digest of what everything in a version is made from, shortened."""
    plan, scenes = asked.plan, hashlib.sha256()
    for name in states:
        scenes.update(f"{name}\0{states.label(name)}\n".encode())
    made = {
        "data": describe(plan.generate, plan.plan).reproducible(),
        "scenes": scenes.hexdigest(),
        "refine": None if plan.refine is None else plan.refine.model_dump(mode="json"),
        "exports": {name: c.model_dump(mode="json") for name, c in plan.exports.items()},
        "exporting": exporting_digest() if plan.exports else "",
    }
    if plan.refine is not None:
        from scenegen.pipeline.nightly.refining import refiner_digest  # noqa: PLC0415

        made["refiner"] = refiner_digest(plan.refine)
    return hashlib.sha256(canonical_json(made)).hexdigest()[:SHORT]


def _described(
    asked: Asked,
    name: str,
    folder: Path,
    states: Mapping[str, SceneState],
    failed: Mapping[str, str],
    last: Version | None,
) -> Version:
    data = open_dataset(folder / DATA)
    info: DatasetInfo = data.info
    refined: Mapping[str, str] = {}
    if asked.plan.refine is not None:
        from scenegen.pipeline.nightly import refining  # noqa: PLC0415

        work = refining.RefineWork(asked.plan.refine, folder / RENDERED, folder / DATA, asked.store)
        refined = work.keys(states)
    asked.shelf.write_keys(
        name,
        {
            "scene": list(states),
            "simulate": [state.simulate_key for state in states.values()],
            "draw": [state.draw_key for state in states.values()],
            "label": [state.label_key for state in states.values()],
            "refine": [refined.get(scene, "") for scene in states],
        },
    )
    return Version(
        id=name,
        plan=asked.plan.name,
        state="candidate",
        before="" if last is None or last.id == name else last.id,
        digest=recorded_digest(data),
        heads=heads_of(folder),
        grounds=dict(noted_grounds(asked.grounds)),
        scenarios={e.logical.name: e.logical.digest for e in asked.plan.plan.entries},
        objects=info.counts.objects,
        exports={n: export_key(asked, folder / DATA, n) for n in asked.plan.exports},
        gates_asked=gates_digest(asked.plan),
        quarantined=dict(failed),
    )


def _tidy(asked: Asked) -> None:
    """Let go of versions beyond those that are kept, and of all that no version holds."""
    asked.shelf.retire(asked.plan.keep)
    held: dict[Stage, set[str]] = {stage: set() for stage in STAGES}
    for version in all_versions(asked.out):
        held["simulate"].update(version.looked_at)
        home = Shelf(asked.out / version.plan)
        keys = home.keys(version.id)
        for stage in ("simulate", "draw", "label", "refine"):
            if stage in keys.column_names:  # versions of before a stage was one of its own lack it
                held[stage].update(keys[stage].to_pylist())
        manifests = open_dataset(home.folder(version.id) / DATA).info.manifests
        held["verify"].update(verify_key(digest) for digest in manifests.values())
        held["export"].update(version.exports.values())
    asked.store.collect(held)
