"""Adapters: data sets as their makers publish them, opened as an `ImageSet`."""

from scenegen.evaluate.adapters.info import AdapterInfo
from scenegen.evaluate.adapters.registry import ADAPTERS, find_adapter, open_set

__all__ = ["ADAPTERS", "AdapterInfo", "find_adapter", "open_set"]
