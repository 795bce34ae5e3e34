"""What a refiner's network is: enough to build it anew around stored weights."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from scenegen.evaluate.images import ATTRIBUTES

STYLES: dict[str, tuple[str, ...]] = {
    "domain": ("real", "rendered"),
    "time_of_day": ATTRIBUTES["time_of_day"],
    "weather": ATTRIBUTES["weather"],
}
"""What is said of a whole picture, and the words for it. Number 0 is 'unknown' everywhere."""


class NetworkSpec(BaseModel):
    """The shape of a `Network`.

    Attributes
    ----------
    classes : tuple of str
        Names of judged classes by id; the network sees one plane of each, and one of void.
    widths : tuple of int
        Channels by level, each of half the size of the one before; multiples of 8.
    blocks : int
        Residual blocks a level, on the way down and again on the way up.
    attention : bool
        Self-attention at the coarsest level.
    unshuffle : int
        Pixels a side that are one cell of the finest level.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    classes: tuple[str, ...] = Field(min_length=1)
    widths: tuple[int, ...] = (32, 72, 144)
    blocks: int = Field(1, ge=1)
    attention: bool = True
    unshuffle: int = Field(2, ge=1)

    @model_validator(mode="after")
    def _whole_groups(self) -> Self:
        if not self.widths or any(width < 8 or width % 8 for width in self.widths):
            raise ValueError(f"widths {self.widths} must be multiples of 8")
        return self

    @property
    def multiple(self) -> int:
        """Width and height of what the network takes are multiples of this."""
        return int(self.unshuffle * 2 ** (len(self.widths) - 1))


class RefinerSpec(BaseModel):
    """A network, and the pictures that it was made for.

    Attributes
    ----------
    network : NetworkSpec
    size : (width, height) px
        Of the pictures that it was trained on; larger frames are brought to this width.
    sigma_data : float
        Standard deviation of real pictures, over all planes (EDM, Karras et al. 2022).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    network: NetworkSpec
    size: tuple[int, int] = (240, 180)
    sigma_data: float = Field(0.5, gt=0)
