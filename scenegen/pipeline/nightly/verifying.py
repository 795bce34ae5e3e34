"""The scenes of a version held against every check, by who makes scenes; those that hold are noted.

What is noted outlives a night that is ended before all scenes are checked.
"""

from __future__ import annotations

import hashlib
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scenegen.dataset import open_dataset
from scenegen.dataset.layout import MANIFEST, SCENES
from scenegen.errors import ScenegenError
from scenegen.pipeline.nightly.code import code_digest
from scenegen.pipeline.nightly.executor import GivenUp, Listed
from scenegen.pipeline.nightly.observing import tell_stage, watched_stage, worker_name
from scenegen.pipeline.nightly.store import Made, Store, finish, key_of
from scenegen.pipeline.nightly.tracing import carrier
from scenegen.pipeline.verify import Findings, VerifyResult, verify_by
from scenegen.pipeline.verify_scene import SceneFindings, SceneToVerify, verify_scene

if TYPE_CHECKING:
    from scenegen.pipeline.nightly.asked import Asked

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
    carrier : dict of str to str
        Of the trace that it belongs to.
    """

    store: str
    manifest: str
    scene: SceneToVerify
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
    """Check a scene, and note it if it holds every check.

    Raises
    ------
    DatasetError
        Its manifest can't be read.
    StorageError
        It can't be noted.
    """
    root, scene = Path(task.store), task.scene
    with watched_stage(root, scene.scene, "verify", task.carrier) as seconds:
        findings = verify_scene(scene)
        path = Path(scene.dataset) / SCENES / scene.scene / MANIFEST
        # Files were held against this manifest; it is vouched for by its own digest alone.
        vouched = hashlib.sha256(path.read_bytes()).hexdigest() == task.manifest
        if vouched and not findings.violations:
            key = verify_key(task.manifest)
            with Store(root).making("verify", key) as entry:
                finish(entry, Made(value=key, frames=findings.frames))
    return Verified(findings, worker_name(), seconds())


@dataclass(frozen=True)
class VersionFindings:
    """What a version's checks came to.

    Attributes
    ----------
    trusted : int
        Scenes that held every check before, and weren't read again.
    """

    result: VerifyResult
    trusted: int


def verify_version(asked: Asked, data: Path) -> VersionFindings | None:
    """Check the scenes that weren't checked before, and all that joins them.

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
    store = asked.store
    trusted = {
        name
        for name, manifest in manifests.items()
        if store.made("verify", verify_key(manifest)) is not None
    }
    headers = carrier()

    def check(scenes: list[SceneToVerify]) -> Findings:
        tasks = [
            VerifyTask(str(store.root), manifests.get(scene.scene, ""), scene, headers)
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
                tell_stage(name, "verify", came.worker, came.seconds, came.findings.frames)
                yield task.scene, came.findings

    result = verify_by(check, str(data), asked.stream, trusted)
    return None if asked.guard.reason else VersionFindings(result, len(trusted))
