"""The small data set of tests/dataset, for the report to draw."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


def _makers() -> ModuleType:
    path = Path(__file__).parents[1] / "dataset" / "conftest.py"
    spec = importlib.util.spec_from_file_location("dataset_makers", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def makers() -> ModuleType:
    """Return the functions that make scenarios, frames, labels and whole data sets."""
    return _makers()
