"""The figures against the packages that papers cite, on the same features."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from scenegen.evaluate.feature_store import FeatureSet
from scenegen.evaluate.measures.frechet import frechet
from scenegen.evaluate.measures.kid import kid
from scenegen.evaluate.measures.prdc import neighbours
from scenegen.evaluate.measures.vendi import vendi

PACKAGES = Path(sys.prefix) / "reference"
CLOSE = 1e-3


def features(seed: int, count: int, dimension: int, shift: float) -> tuple[np.ndarray, np.ndarray]:
    """Return two sets that look like a network's: positive, many values 0, correlated."""
    generator = np.random.default_rng(seed)
    mix = generator.normal(size=(dimension, dimension)) / np.sqrt(dimension)
    x, y = (generator.normal(size=(count, dimension)) @ mix for _ in range(2))
    y = 1.2 * y + shift * generator.normal(size=dimension)
    return tuple(np.maximum(v, 0).astype(np.float32) for v in (x, y))


@pytest.fixture(scope="module", params=[(1, 60, 256), (2, 200, 40)], ids=["N<D", "N>D"])
def sets(request, tmp_path_factory):
    """Return two sets of features with what the packages say about them."""
    if not PACKAGES.is_dir():
        pytest.fail(f"{PACKAGES} holds no packages to compare with; run tools/setup")
    seed, count, dimension = request.param
    x, y = features(seed, count, dimension, 0.4)
    folder = tmp_path_factory.mktemp("features")
    np.save(folder / "x.npy", x)
    np.save(folder / "y.npy", y)
    script = Path(__file__).with_name("reference_metrics.py")
    done = subprocess.run(
        [sys.executable, str(script), str(folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return x, y, json.loads(done.stdout.splitlines()[-1])


def plain(rows: np.ndarray) -> FeatureSet:
    numbers = np.arange(len(rows))
    return FeatureSet(rows, numbers, numbers)


@pytest.mark.slow
@pytest.mark.parametrize("package", ["torch_fidelity", "clean_fid"])
def test_kid_is_that_of(sets, package):
    x, y, said = sets
    ours = kid(plain(x), plain(y), np.random.default_rng(0))
    assert ours == pytest.approx(said[f"{package}.kid"], rel=CLOSE)


@pytest.mark.slow
@pytest.mark.parametrize("package", ["torch_fidelity", "clean_fid"])
def test_frechet_distance_is_that_of(sets, package):
    x, y, said = sets
    assert frechet(x, y) == pytest.approx(said[f"{package}.fid"], rel=CLOSE)


@pytest.mark.slow
def test_vendi_score_is_that_of_its_authors(sets):
    x, _, said = sets
    assert vendi(x) == pytest.approx(said["vendi_score"], rel=CLOSE)
    assert vendi(x) == pytest.approx(said["vendi_score.dual"], rel=CLOSE)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("k", [1, 5])
def test_prdc_is_that_of_its_authors(seed, k):
    from prdc import compute_prdc

    x, y = features(seed, 90, 12, 0.1)
    y = y[:70]
    found = neighbours(x, y, k)
    for name, value in compute_prdc(x, y, k).items():
        assert getattr(found, name).mean() == pytest.approx(value, rel=CLOSE), name
