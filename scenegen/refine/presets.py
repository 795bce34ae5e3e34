"""How large a refiner is and how long it is trained, for three kinds of machine."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class TrainingSettings(BaseModel):
    """How a refiner is trained.

    Attributes
    ----------
    steps : int
        Optimiser steps.
    batch : int
        Crops a step, all domains together.
    crop : (width, height) px
    rate : float
        AdamW's learning rate after `warmup` steps; it falls to a tenth by a cosine.
    p_mean, p_std : float
        Of the logarithm of noise levels (EDM).
    ema : float
        Share of the averaged weights that stays after a step, reached gradually.
    bf16 : bool
        Whether matrix products are of bfloat16.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    steps: int = Field(ge=1)
    batch: int = Field(8, ge=1)
    crop: tuple[int, int] = (96, 96)
    rate: float = Field(2e-3, gt=0)
    warmup: int = Field(100, ge=1)
    p_mean: float = -0.6
    p_std: float = Field(1.2, gt=0)
    ema: float = Field(0.999, ge=0, lt=1)
    decay: float = Field(1e-3, ge=0)
    clip: float = Field(1.0, gt=0)
    bf16: bool = False


class Preset(BaseModel):
    """A network's shape beside the settings that train it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    size: tuple[int, int]
    widths: tuple[int, ...]
    blocks: int
    unshuffle: int
    attention: bool
    training: TrainingSettings


PRESETS: dict[str, Preset] = {
    # A minute on two cores: for tests, and to see whether a folder can be trained on.
    "toy": Preset(
        size=(80, 60),
        widths=(16, 32),
        blocks=1,
        unshuffle=2,
        attention=False,
        training=TrainingSettings(steps=250, batch=8, crop=(40, 32), rate=3e-3, ema=0.99),
    ),
    # About an hour on two cores, spent on the levels of noise that refining uses.
    "cpu": Preset(
        size=(240, 180),
        widths=(48, 80, 144),
        blocks=1,
        unshuffle=2,
        attention=True,
        training=TrainingSettings(steps=16000, p_mean=-1.2, p_std=1.1),
    ),
    # About twenty minutes on one large GPU.
    "gpu": Preset(
        size=(480, 360),
        widths=(128, 256, 384, 512),
        blocks=2,
        unshuffle=2,
        attention=True,
        training=TrainingSettings(
            steps=12000, batch=64, crop=(256, 192), rate=2e-4, ema=0.9995, bf16=True
        ),
    ),
}
