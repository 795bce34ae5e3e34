"""Plans that generate what an audit found missing."""

from scenegen.pipeline.remedy.propose import Order, Remedy, remedies

__all__ = ["Order", "Remedy", "remedies"]
