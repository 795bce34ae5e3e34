"""Sampling: from a logical scenario to concrete ones, and how well it samples."""

from scenegen.sample.draw import draw, validate

__all__ = ["draw", "validate"]
