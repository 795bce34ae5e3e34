"""Settings that all tests share."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

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
