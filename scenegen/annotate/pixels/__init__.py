"""Truth per pixel that is written on request: one module a layer, `pixel_truth` makes all."""

from scenegen.annotate.pixels.layers import pixel_truth

__all__ = ["pixel_truth"]
