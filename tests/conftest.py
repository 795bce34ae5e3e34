"""Settings that all tests share."""

from __future__ import annotations

import importlib
import os
import pkgutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, is_hypothesis_test, settings

import scenegen

ROOT = Path(__file__).parents[1]

os.environ.setdefault("LP_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
# What a developer has imported is no part of what is tested.
os.environ["SCENEGEN_ASSETS_DIR"] = os.devnull

# The same examples every time: a red test can be run again. No clock: machines are shared.
settings.register_profile(
    "scenegen",
    derandomize=True,
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("scenegen")


@pytest.fixture(scope="session", autouse=True)
def _own_keys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep keys that tests make out of the developer's folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        yield


@pytest.fixture(scope="session")
def checkers() -> Path:
    """Return the folder of the programs of others' checkers, installed if they aren't there."""
    subprocess.run([ROOT / "tools" / "setup", "--conformance"], check=True)
    return ROOT / ".venv-conformance" / "bin"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Bring files with slow tests first: begun last, one would keep a single worker busy."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Import all of scenegen before the first property is tested.

    Hypothesis tries the numbers and texts that imported modules hold. Which those are would
    depend on the tests that this process ran before, and so would the examples.
    """
    if any(is_hypothesis_test(getattr(item, "obj", None)) for item in session.items):
        for module in pkgutil.walk_packages(scenegen.__path__, "scenegen."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
