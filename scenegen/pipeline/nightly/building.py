"""A version's data, refined data and exports are put together from what stages have stored."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from scenegen.dataset import open_dataset
from scenegen.dataset.digest import recorded_digest
from scenegen.dataset.layout import DATASET
from scenegen.errors import DatasetError, ScenegenError
from scenegen.pipeline.export import export
from scenegen.pipeline.generate import describe
from scenegen.pipeline.nightly.assemble import assemble, link_tree
from scenegen.pipeline.nightly.code import code_digest
from scenegen.pipeline.nightly.executor import GivenUp, Listed
from scenegen.pipeline.nightly.observing import tell_stage
from scenegen.pipeline.nightly.soundness import file_digest
from scenegen.pipeline.nightly.store import Made, finish, key_of
from scenegen.pipeline.nightly.version import DATA, EXPORTS, RENDERED, Version
from scenegen.pipeline.progress import RunProgress

if TYPE_CHECKING:
    from scenegen.dataset.searched import SearchedDraw
    from scenegen.pipeline.nightly.asked import Asked
    from scenegen.pipeline.nightly.scenes import SceneState

EXPORTING = ("scenegen.exports", "scenegen.pipeline.export_formats")


def build_version(
    asked: Asked,
    folder: Path,
    states: Mapping[str, SceneState],
    searched: list[SearchedDraw],
) -> bool:
    """Write data and exports of a version; what a killed run has left is gone on with.

    Returns
    -------
    bool
        Whether all is there; not if the run was stopped meanwhile.
    """
    plan = asked.plan
    info = describe(plan.generate, plan.plan)
    scenes = {name: state.label_key for name, state in states.items()}
    rendered = folder / (DATA if plan.refine is None else RENDERED)
    assemble(asked.store, scenes, info, rendered, searched)
    if plan.refine is not None and not _refined(asked, folder, states):
        return False
    for name in plan.exports:
        _exported(asked, folder, name)
    return True


def renewed_version(
    asked: Asked, version: Version, states: Mapping[str, SceneState], searched: list[SearchedDraw]
) -> Version | None:
    """Put a version together once more, in place of what is damaged of it.

    Returns
    -------
    Version or None
        None if the run was stopped meanwhile.

    Raises
    ------
    DatasetError
        It comes out otherwise.
    """
    folder = asked.shelf.folder(version.id)
    aside = folder.with_name(f".tmp-{version.id}")
    if not build_version(asked, aside, states, searched):
        return None
    found = recorded_digest(open_dataset(aside / DATA))
    if found != version.digest:
        raise DatasetError(
            f"version {version.id}: its data are damaged, and come out otherwise when they are "
            f"made again ({found}, not {version.digest}); remove {folder} to publish them"
        )
    for part in (DATA, RENDERED, EXPORTS):
        shutil.rmtree(folder / part, ignore_errors=True)
        if (aside / part).is_dir():
            (aside / part).rename(folder / part)
    shutil.rmtree(aside)
    version = version.model_copy(update={"heads": heads_of(folder)})
    asked.shelf.write(version)
    return version


def heads_of(folder: Path) -> dict[str, str]:
    """Return what vouches for a version's data sets."""
    return {
        part: file_digest(folder / part / DATASET)
        for part in (DATA, RENDERED)
        if (folder / part).is_dir()
    }


def _refined(asked: Asked, folder: Path, states: Mapping[str, SceneState]) -> bool:
    """Refine what isn't, and write the refined data set."""
    from scenegen.pipeline.nightly import refining  # noqa: PLC0415 - loads torch

    config = asked.plan.refine
    assert config is not None
    work = refining.RefineWork(config, folder / RENDERED, folder / DATA, asked.store)
    todo = work.due(states)
    limit = asked.config.scene_limit_s
    with (
        RunProgress("refine", len(todo), asked.stream) as progress,
        closing(
            asked.executor.run(
                refining.refine_stored,
                Listed(todo),
                limit,
                asked.guard.stop,
                gpu=config.device != "cpu",
            )
        ) as results,
    ):
        for task, result in results:
            if isinstance(result, ScenegenError):
                raise result
            if isinstance(result, GivenUp):
                raise ScenegenError(f"{task.scene_id}: {result.reason}")
            frames = result.made.frames
            tell_stage(task.scene_id, "refine", result.worker, result.seconds, frames)
            progress.advance(task.scene_id, frames)
    if asked.guard.reason:
        return False
    work.assemble(states)
    return True


def exporting_digest() -> str:
    """Return the digest of the code that exports."""
    return code_digest(*EXPORTING)


def export_key(asked: Asked, data: Path, name: str) -> str:
    """Return the key of an export: of the data, of what is asked for and of the code."""
    config = asked.plan.exports[name].model_dump(mode="json", exclude={"dataset", "out"})
    return key_of(
        "export",
        {"code": exporting_digest(), "data": recorded_digest(open_dataset(data)), **config},
    )


def _exported(asked: Asked, folder: Path, name: str) -> None:
    """Export a version's data, or take the export of the same data that is there."""
    key, target = export_key(asked, folder / DATA, name), folder / EXPORTS / name
    if target.is_dir():
        return
    if asked.store.made("export", key) is None:
        config = asked.plan.exports[name]
        with asked.store.making("export", key) as aside:
            out = aside / name
            given = {"dataset": str(folder / DATA), "out": str(out)}
            export(config.model_copy(update=given), asked.stream)
            finish(aside, Made(value=key))
    link_tree(asked.store.folder("export", key) / name, target)
