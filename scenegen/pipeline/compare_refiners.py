"""All ways from renders to photographs, trained on the same pictures and judged alike."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from scenegen import __version__
from scenegen.errors import InputError
from scenegen.evaluate.adapters import find_adapter
from scenegen.evaluate.feature_models import usable_device
from scenegen.evaluate.feature_store import FeatureStore
from scenegen.evaluate.features import make_extractor
from scenegen.evaluate.memo import Memo
from scenegen.evaluate.utility.models import maker_of
from scenegen.evaluate.utility.settings import UtilitySettings
from scenegen.pipeline.compare_methods import chosen
from scenegen.pipeline.compare_output import KEPT, comparison_folder, write_comparison
from scenegen.pipeline.compare_sets import CompareSets, open_compare_sets
from scenegen.pipeline.compare_work import CompareWork
from scenegen.pipeline.step_progress import StepProgress
from scenegen.refine.baselines.registry import RECIPES
from scenegen.refine.baselines.state import BaselineRecipe
from scenegen.refine.comparison.record import RefinerComparison
from scenegen.refine.weights import Stored, read_weights

if TYPE_CHECKING:
    from scenegen.pipeline.compare_config import CompareConfig


@dataclass(frozen=True)
class CompareResult:
    """What a comparison made.

    Attributes
    ----------
    path : Path
        The comparison's folder.
    record : RefinerComparison
    """

    path: Path
    record: RefinerComparison


def compare_refiners(
    config: CompareConfig,
    stream: TextIO | None = None,
    recipes: Mapping[str, BaselineRecipe] = RECIPES,
) -> CompareResult:
    """Train and judge methods.

    Parameters
    ----------
    config : CompareConfig
    stream : text file, optional
        Where progress goes; standard error without.
    recipes : mapping of str
        What can be trained, by the name that ``methods=`` has for it.

    Raises
    ------
    InputError
        Before any work: a set, a split, a method, the weights or the folder is wrong.
    ScenegenError
        A training failed; what was finished stays, and resume=true goes on.
    """
    # Threads that wait by spinning starve each other as soon as a core is shared. The runtime
    # reads this when it first starts threads.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    usable_device(config.device)
    names = chosen(config, recipes)
    sets = open_compare_sets(config)
    stored = None if config.weights is None else _fitting(config.weights, sets)
    extractor = make_extractor(config.features, config.device)
    s = config.segmenter
    maker = maker_of(UtilitySettings(batch=s.batch, width=s.width, device=config.device))
    with comparison_folder(config.out, config.resume) as folder:
        memo = Memo(folder / KEPT)
        store = FeatureStore(memo, extractor)
        work = CompareWork(config, sets, store, maker, recipes, stored)
        progress = StepProgress("compare-refiners", work.weights(names), stream or sys.stderr)
        with progress.running():
            work.do(names, progress)
        record = RefinerComparison(
            scenegen_version=__version__,
            config=config.model_dump(mode="json", exclude={"resume"}),
            sets=sets.facts(
                (
                    find_adapter(config.adapter, Path(config.real)).name,
                    find_adapter("auto", Path(config.dataset)).name,
                )
            ),
            models={extractor.name: extractor.digest},
            methods=work.results(),
            seconds=progress.seconds,
        )
        write_comparison(folder, record, work.grid(config.shown))
        return CompareResult(folder, record)


def _fitting(path: Path, sets: CompareSets) -> Stored:
    """Read weights that know the space's classes."""
    stored = read_weights(path)
    classes = stored.spec.network.classes
    if classes != sets.space.names:
        raise InputError(
            f"{path}: knows the classes {', '.join(classes)}; the space has "
            f"{', '.join(sets.space.names)}"
        )
    return stored
