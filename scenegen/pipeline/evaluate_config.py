"""The keys of ``scenegen evaluate``."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, field_validator

from scenegen.pipeline.config_base import VerbConfig

Part = Literal["leakage", "fidelity", "diversity", "utility", "bias", "gaps", "privacy"]
PARTS: tuple[Part, ...] = get_args(Part)


class Group(BaseModel):
    """Keys under one name, as ``utility.steps``."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class UtilityKeys(Group):
    """How models are trained and tested."""

    task: Literal["auto", "semantic", "boxes"] = Field(
        "auto", description="what is learned; auto: semantic if all sets have it, else boxes"
    )
    real: list[int | Literal["all"]] = Field(
        [10, 50, "all"], description="numbers of real pictures for the data-efficiency curve"
    )
    steps: int = Field(150, ge=1, description="optimiser steps of every arm")
    longer: float = Field(2, ge=1, description="steps of the longer real-only arm, as a multiple")
    batch: int = Field(8, ge=1, description="pictures a step")
    width: int = Field(240, ge=32, description="width of the pictures that models see, px")
    seeds: list[int] = Field([0], min_length=1, description="one run of every arm each")
    model: str | None = Field(
        None, description="own model: package.module:factory, 'command: …', or a .onnx file"
    )
    rebalanced: bool = Field(True, description="also train on re-balanced synthetic pictures")


class GapKeys(Group):
    """What is proposed next."""

    num_scenes: int = Field(48, ge=1, description="scenes that the proposed plan has in all")


class EvaluateConfig(VerbConfig):
    """Is this synthetic data any good for a model on real data?"""

    dataset: str = Field(
        description="[ADAPTER:]PATH[@SPLIT] of the data set to be judged; A+B takes two as one, "
        "a comma list judges several"
    )
    real: str = Field(description="folder of the real set")
    out: str = Field(description="folder for evaluation.json, report.html and what was kept")
    adapter: str = Field(
        "auto", description="layout of the real set: camvid, cityscapes, coco, kitti_object, …"
    )
    options: dict[str, Any] = Field({}, description="the adapter's own keys")
    test_split: str | None = Field(None, description="real split to report on; 'test', else 'val'")
    train_split: str | None = Field(None, description="real split to train on; 'train' if there")
    val_split: str | None = Field(
        None, description="real split to choose by; 'val' if it isn't tested on"
    )
    space: str = Field(
        "native", description="classes to judge by: native, cityscapes19, categories7, or a YAML"
    )
    mapping: Path | None = Field(None, description="YAML that overrides how classes map")
    limit: int = Field(500, ge=2, description="pictures of each synthetic set, evenly over it")
    limit_real: int = Field(2000, ge=2, description="pictures of each real split, evenly over it")
    crop: bool = Field(
        True, description="look at the middle of synthetic pictures that has the real aspect"
    )
    seed: int = Field(0, ge=0, lt=2**63, description="root seed of crops, draws and trainings")
    resume: bool = Field(False, description="go on in `out`, keeping every finished training run")
    parts: list[Part] | None = Field(
        None, min_length=1, description="what to do: some of " + ", ".join(PARTS) + "; null is all"
    )
    features: str = Field(
        "efficientnet_lite0",
        description="by what pictures are compared: efficientnet_lite0, or inception:FILE, "
        "dinov2:FILE, imagenet:FILE (TorchScript or ONNX)",
    )
    refiner: Path | None = Field(
        None, description="weights of the refiner behind `dataset`: privacy asks what it remembers"
    )
    device: str = Field("cpu", description="where networks run: cpu, or as cuda:0")
    utility: UtilityKeys = Field(UtilityKeys(), description="how models are trained and tested")
    gaps: GapKeys = Field(GapKeys(), description="what is proposed next")
    gate: list[str] = Field(
        [], description="rules that must hold, as gate.kid<=0.05 gate.miou>=0.3; exit 1 if not"
    )

    @field_validator("dataset")
    @classmethod
    def _some(cls, names: str) -> str:
        if not any(name.strip() for name in names.split(",")):
            raise ValueError("names no data set")
        return names
