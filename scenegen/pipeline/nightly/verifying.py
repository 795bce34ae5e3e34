"""The scenes of a version held against every check, by who makes scenes; those that hold are noted.

What is noted outlives a night that is ended before all scenes are checked.
"""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scenegen.dataset import open_dataset
from scenegen.dataset.digest import check_files
from scenegen.dataset.layout import MANIFEST, SCENES
from scenegen.errors import DatasetError, ScenegenError
from scenegen.pipeline.nightly.code import code_digest
from scenegen.pipeline.nightly.executor import GivenUp, Listed
from scenegen.pipeline.nightly.observing import tell_stage, watched_stage, worker_name
from scenegen.pipeline.nightly.store import Made, Store, finish, key_of
from scenegen.pipeline.nightly.tracing import carrier
from scenegen.pipeline.nightly.version import DATA
from scenegen.pipeline.verify import Findings, VerifyResult, verify_by
from scenegen.pipeline.verify_scene import SceneFindings, SceneToVerify, verify_scene

if TYPE_CHECKING:
    from scenegen.pipeline.nightly.asked import Asked

log = logging.getLogger(__name__)
VERIFYING = "scenegen.pipeline.verify_scene"


def verify_key(manifest: str) -> str:
    """Return the key under which it is noted that a scene holds every check.

    Parameters
    ----------
    manifest : str
        Digest of its ``files.json``.
    """
    return key_of("verify", {"code": code_digest(VERIFYING), "manifest": manifest})


@dataclass(frozen=True)
class VerifyTask:
    """A scene to check.

    Attributes
    ----------
    manifest : str
        Digest of the ``files.json`` that it should have; empty if the data set doesn't know it.
    noted : bool
        Whether it is noted that it holds every check: then its files alone are read.
    carrier : dict of str to str
        Of the trace that it belongs to.
    """

    store: str
    manifest: str
    scene: SceneToVerify
    noted: bool
    carrier: dict[str, str]


@dataclass(frozen=True)
class Verified:
    """What came of it.

    Attributes
    ----------
    worker : str
        Machine and process.
    """

    findings: SceneFindings
    worker: str
    seconds: float


def verify_noted(task: VerifyTask) -> Verified:
    """Check a scene, and note it if it holds every check, or no longer.

    Raises
    ------
    DatasetError
        Its manifest can't be read.
    StorageError
        It can't be noted.
    """
    root, scene = Path(task.store), task.scene
    with watched_stage(root, scene.scene, "verify", task.carrier) as seconds:
        findings = _files_found(scene) if task.noted else verify_scene(scene)
        path = Path(scene.dataset) / SCENES / scene.scene / MANIFEST
        # Files were held against this manifest; it is vouched for by its own digest alone.
        vouched = hashlib.sha256(path.read_bytes()).hexdigest() == task.manifest
        key = verify_key(task.manifest)
        if findings.violations:
            Store(root).drop("verify", key)
        elif vouched and not task.noted:
            with Store(root).making("verify", key) as entry:
                finish(entry, Made(value=key, frames=findings.frames))
    return Verified(findings, worker_name(), seconds())


def _files_found(task: SceneToVerify) -> SceneFindings:
    """Hold the files of a scene against its ``files.json`` alone."""
    dataset = open_dataset(task.dataset)
    manifest = dataset.scene(task.scene).manifest
    problems = tuple(f"hash: {problem}" for problem in check_files(dataset.path, manifest))
    return SceneFindings(0, Counter({"file hashes": len(manifest.files)}), problems)


@dataclass(frozen=True)
class VersionFindings:
    """What a version's checks came to.

    Attributes
    ----------
    checked : int
        Scenes that weren't checked before.
    noted : int
        Scenes that held every check before. Of those that weren't published since, files were
        read again: nobody else looks for damage to them.
    """

    result: VerifyResult
    checked: int
    noted: int


def verify_version(asked: Asked, data: Path) -> VersionFindings | None:
    """Check the scenes that weren't checked before, and all that joins scenes to a data set.

    Returns
    -------
    VersionFindings or None
        None if the run was stopped meanwhile.

    Raises
    ------
    ScenegenError
        A scene took too long to check, or its processes died each time.
    """
    manifests = open_dataset(data).info.manifests
    published, store, headers = _published(asked), asked.store, carrier()
    noted = {
        name
        for name, manifest in manifests.items()
        if store.made("verify", verify_key(manifest)) is not None
    }

    def check(scenes: list[SceneToVerify]) -> Findings:
        tasks = [
            VerifyTask(
                str(store.root),
                manifests.get(scene.scene, ""),
                scene,
                scene.scene in noted,
                headers,
            )
            for scene in scenes
        ]
        limit, stop = asked.config.scene_limit_s, asked.guard.stop
        with closing(asked.executor.run(verify_noted, Listed(tasks), limit, stop)) as results:
            for task, came in results:
                name = task.scene.scene
                if isinstance(came, GivenUp):
                    raise ScenegenError(f"{name}: {came.reason} while it was verified")
                if isinstance(came, ScenegenError):
                    yield task.scene, came
                    continue
                if not task.noted:
                    tell_stage(name, "verify", came.worker, came.seconds, came.findings.frames)
                yield task.scene, came.findings

    known = {name for name in noted if published.get(name) == manifests[name]}
    result = verify_by(check, str(data), asked.stream, known)
    if asked.guard.reason:
        return None
    return VersionFindings(result, len(manifests) - len(noted), len(noted))


def _published(asked: Asked) -> Mapping[str, str]:
    """Return the digests of the ``files.json`` of the latest version; none if it is damaged."""
    last = asked.shelf.latest()
    if last is None:
        return {}
    try:
        return open_dataset(asked.shelf.folder(last.id) / DATA).info.manifests
    except DatasetError as error:
        log.warning("version %s: %s; nothing of it is taken on trust", last.id, error)
        return {}
