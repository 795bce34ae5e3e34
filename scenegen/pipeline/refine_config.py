"""The keys of ``scenegen train-refiner`` and ``scenegen refine``."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationInfo, field_validator

from scenegen.errors import nearest
from scenegen.pipeline.config_base import VerbConfig
from scenegen.pipeline.evaluate_config import Group
from scenegen.pipeline.signing import C2paKeys
from scenegen.refine.presets import PRESETS
from scenegen.refine.settings import DESIGN, Design
from scenegen.refine.spec import STYLES


class PrivacyKeys(Group):
    """How much weights may tell of any one photograph; without epsilon, nothing bounds it."""

    epsilon: float | None = Field(
        None, gt=0, description="differential privacy of the weights, as 8; null trains without"
    )
    delta: float = Field(1e-5, gt=0, lt=1, description="chance that the bound doesn't hold")
    clip: float = Field(1.0, gt=0, description="length that each picture's gradient is cut to")


class TrainingKeys(Group):
    """What a preset says, said otherwise; null keeps the preset's."""

    steps: int | None = Field(None, ge=1, description="optimiser steps")
    batch: int | None = Field(None, ge=1, description="crops a step")
    rate: float | None = Field(None, gt=0, description="highest learning rate")
    privacy: PrivacyKeys = Field(PrivacyKeys(), description="DP-SGD")


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
    init: Path | None = Field(None, description="weights to start from, as camvid: for a small set")
    device: str = Field("cpu", description="where training runs: cpu, or as cuda:0")
    minutes: float | None = Field(None, gt=0, description="end after so long, whole steps kept")
    judge_every: int = Field(1000, ge=1, description="steps between looks at the validation split")
    judge_frames: int = Field(32, ge=8, description="pictures that are looked at")
    label_gate: Path | None = Field(
        None, description="gate that weights are chosen by beside KID, as camvid_gate; or a file"
    )
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


class StyleKeys(Group):
    """What frames are to be like, whatever the data set says; null asks the data set."""

    time_of_day: str | None = Field(None, description=", ".join(STYLES["time_of_day"]))
    weather: str | None = Field(None, description=", ".join(STYLES["weather"]))

    @field_validator("time_of_day", "weather")
    @classmethod
    def _known(cls, word: str | None, info: ValidationInfo) -> str | None:
        words = STYLES[str(info.field_name)]
        if word is not None and word not in words:
            raise ValueError(f"no such word{nearest(word, words)}")
        return word


class RefineConfig(VerbConfig):
    """Rendered frames to frames that a camera could have taken."""

    dataset: str = Field(description="folder of the rendered data set; it stays as it is")
    out: str = Field(description="folder of the refined data set; new, empty, or with resume")
    weights: Path = Field(
        Path("camvid"), description="model: camvid comes with scenegen; or a file of train-refiner"
    )
    limit: int | None = Field(None, ge=1, description="scenes, scenarios by turns; all without")
    design: Design = Field(
        DESIGN, description="bridge (weights that know both domains) or sdedit (any weights)"
    )
    strength: float | None = Field(
        None, gt=0, le=100, description="noise up to which frames are taken; null: the design's"
    )
    realism: float = Field(
        1.0, ge=0, le=4, description="how far frames are led to real looks; 0 not"
    )
    steps: int | None = Field(
        None, ge=1, le=1000, description="noise levels on the way down; null: the design's"
    )
    style: StyleKeys = Field(StyleKeys(), description="in place of what the data set says")
    detail: Literal["kept", "tiles"] = Field(
        "kept",
        description="what is finer than the model sees: the render's, or anew in tiles",
    )
    video: bool = Field(True, description="move the noise along the flow and measure flicker")
    carry: float = Field(
        0.0, ge=0, lt=1, description="share of the last refined frame that the next begins with"
    )
    label_gate: Path | None = Field(
        None,
        description="label gate, as camvid_gate or a file: mends frames that lose labels",
    )
    seed: int = Field(0, ge=0, lt=2**63, description="root seed of the noise")
    device: str = Field("cpu", description="where the model runs: cpu, or as cuda:0")
    batch: int = Field(1, ge=1, description="frames at once (a GPU's last digits depend on it)")
    workers: int = Field(1, ge=1, le=256, description="processes; the bytes don't depend on it")
    links: bool = Field(False, description="share unchanged files with `dataset` by hard links")
    resume: bool = Field(False, description="go on with an interrupted run, keeping whole scenes")
    c2pa: C2paKeys = Field(C2paKeys(sign=True), description="signed manifests")
