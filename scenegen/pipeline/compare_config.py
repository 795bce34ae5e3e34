"""The keys of ``scenegen compare-refiners``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import Field, field_validator

from scenegen.pipeline.config_base import VerbConfig
from scenegen.pipeline.evaluate_config import Group


class GateKeys(Group):
    """How the label gate is trained."""

    steps: int = Field(240, ge=1, description="optimiser steps of the gate's segmenter")
    width: int = Field(320, ge=32, description="width of what it sees, px")


class SegmenterKeys(Group):
    """How the models are trained that measure utility."""

    steps: int = Field(150, ge=2, description="optimiser steps of each segmenter")
    batch: int = Field(8, ge=1, description="pictures a step")
    width: int = Field(240, ge=32, description="width of the pictures that segmenters see, px")


class DiffusionKeys(Group):
    """How given weights change a frame; null is what is usual for a design."""

    strength: float | None = Field(None, gt=0, le=100, description="noise up to which frames go")
    steps: int | None = Field(None, ge=1, description="noise levels on the way down")
    guidance: float | None = Field(None, ge=0, description="how far frames are led; 1 costs half")
    palette: float | None = Field(None, ge=0, le=1, description="share of real colours at first")


class CompareConfig(VerbConfig):
    """Which way from renders to photographs is best, at what cost?"""

    real: str = Field(description="folder of real pictures with classes per pixel and splits")
    dataset: str = Field(description="rendered data set of two or more scenes")
    out: str = Field(description="folder for comparison.json, comparison.md, grid.png")
    methods: str = Field(
        "all", description="comma list: raw, diffusion-sdedit, diffusion-bridge, names of recipes"
    )
    weights: Path | None = Field(None, description="of train-refiner, for diffusion")
    adapter: str = Field("auto", description="layout of the real set: camvid, cityscapes, …")
    options: dict[str, Any] = Field({}, description="the adapter's own keys")
    train_split: str = Field("train", description="real split that methods learn from")
    val_split: str = Field("val", description="real split that the label gate learns from")
    test_split: str = Field("test", description="real split that figures are told on")
    space: str = Field("native", description="classes that are told and judged")
    limit: int = Field(2000, ge=1, description="rendered frames, evenly over the data set")
    width: int = Field(240, ge=32, description="width that recipes work at; given weights say so")
    minutes: float = Field(10.0, gt=0, description="training time of each recipe")
    steps: int | None = Field(None, ge=1, description="optimiser steps of each recipe at most")
    seeds: list[int] = Field(
        [0, 1, 2], min_length=1, description="each refines every frame and trains a segmenter"
    )
    seed: int = Field(0, ge=0, lt=2**63, description="root seed of training, draws and weights")
    device: str = Field("cpu", description="where networks run: cpu, or as cuda:0")
    features: str = Field("efficientnet_lite0", description="network that sets are compared by")
    shown: int = Field(6, ge=1, description="frames in the picture grid")
    resume: bool = Field(False, description="go on with the comparison in `out`")
    segmenter: SegmenterKeys = Field(SegmenterKeys(), description="how judging models are trained")
    gate: GateKeys = Field(GateKeys(), description="how the label gate is trained")
    diffusion: DiffusionKeys = Field(DiffusionKeys(), description="how given weights are used")

    @field_validator("seeds")
    @classmethod
    def _different(cls, seeds: list[int]) -> list[int]:
        if len(set(seeds)) < len(seeds):
            raise ValueError("one number or several, all different")
        return seeds

    @property
    def named(self) -> tuple[str, ...]:
        """The methods that were asked for, in order, each once; empty for all."""
        words = [word.strip() for word in self.methods.split(",") if word.strip()]
        return () if words == ["all"] else tuple(dict.fromkeys(words))
