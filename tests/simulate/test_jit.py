"""Inner loops are compiled where nothing can be written, too."""

import pytest
from numba.core import caching

from scenegen.simulate.jit import compiled


def halved(value: float) -> float:
    return value / 2.0


def test_where_nothing_can_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    def read_only(locator: object) -> None:
        raise OSError(30, "Read-only file system")

    for kind in caching.CacheImpl._locator_classes:
        monkeypatch.setattr(kind, "ensure_cache_path", read_only)
    assert compiled(halved)(3.0) == 1.5
    assert compiled(halved).stats.cache_path is None
