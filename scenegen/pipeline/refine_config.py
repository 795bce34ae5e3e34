"""The keys of ``scenegen train-refiner``; those of ``refine`` join them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import Field, field_validator

from scenegen.errors import nearest
from scenegen.pipeline.config_base import VerbConfig
from scenegen.pipeline.evaluate_config import Group
from scenegen.refine.presets import PRESETS


class TrainingKeys(Group):
    """What a preset says, said otherwise; null keeps the preset's."""

    steps: int | None = Field(None, ge=1, description="optimiser steps")
    batch: int | None = Field(None, ge=1, description="crops a step")
    rate: float | None = Field(None, gt=0, description="highest learning rate")


class TrainRefinerConfig(VerbConfig):
    """Train the model that makes rendered frames look real."""

    real: str = Field(description="folder of real pictures with classes per pixel")
    out: str = Field(description="folder for checkpoints, weights, sample grids and logs")
    adapter: str = Field("auto", description="layout of the real set: camvid, cityscapes, …")
    options: dict[str, Any] = Field({}, description="the adapter's own keys")
    train_split: str = Field("train", description="real split to train on")
    val_split: str | None = Field("val", description="real split to choose the weights by; or null")
    space: str = Field("native", description="classes the model is told: native, cityscapes19, …")
    dataset: str | None = Field(
        None, description="rendered data set: the model learns both domains and can walk between"
    )
    limit: int = Field(2000, ge=1, description="rendered frames, evenly over the data set")
    preset: str = Field("cpu", description="toy, cpu (an hour on two cores) or gpu")
    init: Path | None = Field(None, description="weights to start from, for a small set of yours")
    device: str = Field("cpu", description="where training runs: cpu, or as cuda:0")
    minutes: float | None = Field(None, gt=0, description="end after so long, whole steps kept")
    judge_every: int = Field(1000, ge=1, description="steps between looks at the validation split")
    judge_frames: int = Field(32, ge=8, description="pictures that are looked at")
    patience: int = Field(0, ge=0, description="looks without gain after which to stop; 0 goes on")
    seed: int = Field(0, ge=0, lt=2**63, description="root seed of weights, crops and noise")
    resume: bool = Field(False, description="go on from the checkpoint in `out`")
    training: TrainingKeys = Field(TrainingKeys(), description="what the preset says, otherwise")

    @field_validator("preset")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in PRESETS:
            raise ValueError(f"no such preset{nearest(name, PRESETS)}")
        return name
