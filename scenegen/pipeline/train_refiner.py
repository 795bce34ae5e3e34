"""Training a refiner: sets opened, steps taken, weights chosen and written."""

from __future__ import annotations

import json
import os
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import numpy as np

from scenegen import __version__
from scenegen.dataset.storage import storage_errors, write_atomic
from scenegen.errors import InputError
from scenegen.evaluate.features import make_extractor
from scenegen.evaluate.memo import Memo
from scenegen.pipeline.refine_gate import find_gate, gate_of
from scenegen.pipeline.refine_sets import TrainingSets, open_training_sets
from scenegen.pipeline.training_folder import KEPT, training_folder
from scenegen.pipeline.training_log import TrainingLog
from scenegen.refine.comparison.translated import parted
from scenegen.refine.judge import Judge, Looks
from scenegen.refine.label_space import SPACE, space_text
from scenegen.refine.palette import palette_of
from scenegen.refine.pictures import Pictures, open_pictures
from scenegen.refine.planes import as_planes
from scenegen.refine.presets import PRESETS, TrainingSettings
from scenegen.refine.private import PrivacySettings, PrivateTrainer
from scenegen.refine.spec import NetworkSpec, RefinerSpec
from scenegen.refine.trainer import Trainer
from scenegen.refine.training import Training, Watch
from scenegen.refine.weights import DOMAINS, STYLES_SEEN, read_weights

if TYPE_CHECKING:
    from scenegen.evaluate.classes import LabelSpace
    from scenegen.pipeline.refine_config import TrainRefinerConfig

_SECRET = ".noise-secret"


@dataclass(frozen=True)
class TrainRefinerResult:
    """What a training made.

    Attributes
    ----------
    weights : Path
        Those that did best on the validation split; the last ones without such a split.
    step : int
        Optimiser steps taken.
    """

    weights: Path
    step: int


def train_refiner(config: TrainRefinerConfig, stream: TextIO | None = None) -> TrainRefinerResult:
    """Train, or go on training, a refiner.

    Raises
    ------
    InputError
        Before any step: sets, splits, classes, weights to start from or the folder are wrong.
    ScenegenError
        The loss is not finite; the last checkpoint is whole.
    StorageError
        No room; the last checkpoint is whole.
    """
    # Threads that wait by spinning starve each other as soon as a core is shared. The runtime
    # reads this when it first starts threads.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    sets = open_training_sets(config)
    begin = None if config.init is None else read_weights(config.init)
    gate = None
    if config.label_gate is not None:
        gate = gate_of(find_gate(config.label_gate, sets.space.names, config.device))
    size = PRESETS[config.preset].size if begin is None else begin.spec.size
    with training_folder(config.out, config.resume) as folder:
        memo = Memo(folder / KEPT)
        real = open_pictures(sets.real, "real", size, memo)
        learned, looked = None, None
        if sets.rendered is not None:
            learned, looked = (
                open_pictures(part, "rendered", size, memo).told_as(real)
                for part in parted(sets.rendered)
            )
        spec = _spec(config, sets, real) if begin is None else begin.spec
        if spec.network.classes != sets.space.names:
            raise InputError(
                f"{config.init}: knows the classes {', '.join(spec.network.classes)}; "
                f"space={config.space} has {', '.join(sets.space.names)}"
            )
        domains = [real] if learned is None else [real, learned]
        trainer = _trainer(config, folder, spec, domains)
        if begin is not None:
            trainer.begin_from(begin.tensors)
        training = Training(
            trainer, folder, _inputs(config, spec, domains), _notes(config, domains, sets.space)
        )
        if config.resume:
            training.resume()
        judge = None
        if sets.val is not None:
            val = open_pictures(sets.val, "real", size, memo)
            extractor = make_extractor(device=config.device)
            looks = Looks(val, looked, config.judge_frames, config.seed, gate)
            judge = Judge(looks, extractor)
        steps = trainer.settings.steps
        with TrainingLog(folder, steps, trainer.step, stream or sys.stderr) as log:
            watch = Watch(
                told=log.told,
                judge=None if judge is None else lambda model: judge(model, log.grid),
                judged=log.judged,
                every=config.judge_every,
                patience=config.patience,
                limit_s=None if config.minutes is None else 60 * config.minutes,
            )
            return TrainRefinerResult(training.run(watch), trainer.step)


def _spec(config: TrainRefinerConfig, sets: TrainingSets, real: Pictures) -> RefinerSpec:
    preset = PRESETS[config.preset]
    network = NetworkSpec(
        classes=sets.space.names,
        widths=preset.widths,
        blocks=preset.blocks,
        attention=preset.attention,
        unshuffle=preset.unshuffle,
    )
    some = real.prepared.images(np.arange(0, len(real), max(1, len(real) // 64)))
    deviation = float(as_planes(some).double().std())
    return RefinerSpec(network=network, size=preset.size, sigma_data=round(deviation, 4))


def _settings(config: TrainRefinerConfig) -> TrainingSettings:
    told = {
        k: v for k, v in config.training.model_dump(exclude={"privacy"}).items() if v is not None
    }
    return TrainingSettings.model_validate({**PRESETS[config.preset].training.model_dump(), **told})


def _trainer(
    config: TrainRefinerConfig, folder: Path, spec: RefinerSpec, domains: list[Pictures]
) -> Trainer:
    settings, privacy = _settings(config), _privacy(config)
    if privacy is None:
        return Trainer(spec, settings, domains, config.seed, config.device)
    secret = _secret(folder)
    return PrivateTrainer(spec, settings, domains, config.seed, privacy, secret, config.device)


def _privacy(config: TrainRefinerConfig) -> PrivacySettings | None:
    keys = config.training.privacy
    return None if keys.epsilon is None else PrivacySettings.model_validate(keys.model_dump())


def _secret(folder: Path) -> str:
    """Return what a private training's noise is made of besides the seed: kept to go on with."""
    path = folder / _SECRET
    if not path.is_file():
        with storage_errors(folder):
            write_atomic(path, secrets.token_hex(32).encode(), mode=0o600)
    return path.read_text()


def _inputs(
    config: TrainRefinerConfig, spec: RefinerSpec, domains: list[Pictures]
) -> dict[str, str]:
    """Return what a checkpoint must have been made from to be gone on with."""
    inputs = {
        "network": spec.model_dump_json(),
        "training": _settings(config).model_dump_json(),
        "pictures": " ".join(pictures.prepared.digest for pictures in domains),
        "seed": str(config.seed),
        "init": "" if config.init is None else read_weights(config.init).digest,
    }
    if (privacy := _privacy(config)) is not None:
        inputs["privacy"] = privacy.model_dump_json()
    return inputs


def _notes(
    config: TrainRefinerConfig, domains: list[Pictures], space: LabelSpace
) -> dict[str, str]:
    """Return what the header of the weights says of them."""
    real = domains[0]
    every = np.arange(len(real))
    frames = (
        (real.prepared.images([k])[0], real.prepared.semantic([k])[0]) for k in every.tolist()
    )
    colours = palette_of(frames, len(space))
    return {
        "scenegen_version": __version__,
        "preset": config.preset,
        "seed": str(config.seed),
        "pictures": str(len(real)),
        STYLES_SEEN: json.dumps(real.words()),
        DOMAINS: " ".join(("real", "rendered")[: len(domains)]),
        "palette": colours.as_json(),
        SPACE: space_text(space),
    }
