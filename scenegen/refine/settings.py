"""How far a refiner may go, and what is usual."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Design = Literal["sdedit", "bridge"]


class RefineSettings(BaseModel):
    """How far a frame may be changed.

    Attributes
    ----------
    design : {"sdedit", "bridge"}
    strength : float
        Noise level up to which a picture is taken, in units of pictures' own deviation: with
        "sdedit", 0.3 makes texture anew, 1 most of what is smaller than a car, 4 nearly everything.
    steps : int
        Noise levels on the way down.
    guidance : float
        How far pictures are led: by "sdedit" from any picture to what is to be shown, by "bridge"
        from the render to the photograph. 1 is as trained, and costs half.
    palette : float
        Share of real pictures' colours, class by class, that a frame begins with.
    batch : int
        Frames at once. More than one pays on a GPU only, and may change last digits there: it
        belongs to the digest.
    detail : {"kept", "tiles"}
        What is finer than the working size: the render's own, or made anew in tiles of that size.
    detail_strength : float
        As `strength`, for the tiles.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    design: Design = "sdedit"
    strength: float = Field(0.8, gt=0, le=100)
    steps: int = Field(8, ge=1)
    guidance: float = Field(1.5, ge=0)
    palette: float = Field(0.7, ge=0, le=1)
    batch: int = Field(1, ge=1)
    detail: Literal["kept", "tiles"] = "kept"
    detail_strength: float = Field(0.2, gt=0, le=100)


USUAL: dict[Design, RefineSettings] = {
    "sdedit": RefineSettings(strength=0.15, palette=0.0),
    "bridge": RefineSettings(design="bridge", strength=20.0, steps=6, guidance=3.0, palette=0.0),
}
"""What measured best of each design."""
DESIGN: Design = "bridge"
"""The better one."""
