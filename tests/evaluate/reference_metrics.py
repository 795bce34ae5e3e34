"""Runs torch-fidelity, clean-fid and vendi-score on features; started as a program of its own.

Arguments: a folder with ``x.npy`` and ``y.npy`` of equal shape (N, D). Prints JSON. These packages
import torchvision and others to read pictures and networks; the formulas need none of them, so
stand-ins are imported in their place.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import json
import sys
from pathlib import Path
from types import ModuleType

import numpy as np

STOOD_IN = {"torchvision", "requests"}


class _Anything(type):
    """Classes whose every attribute is one more such class, to inherit from and to call."""

    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return _Anything(name, (), {})


class _StandIn(ModuleType):
    __path__: tuple[str, ...] = ()

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return _Anything(name, (), {})


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in STOOD_IN:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return _StandIn(spec.name)

    def exec_module(self, module):
        pass


def main(folder: Path) -> dict[str, float]:
    sys.meta_path.append(_Finder())
    import torch
    from cleanfid.fid import frechet_distance, kernel_distance
    from torch_fidelity.metric_fid import fid_features_to_statistics, fid_statistics_to_metric
    from torch_fidelity.metric_kid import kid_features_to_metric
    from vendi_score import vendi

    x, y = (np.load(folder / f"{name}.npy").astype(np.float64) for name in "xy")
    n = len(x)
    stats = [fid_features_to_statistics(torch.from_numpy(rows)) for rows in (x, y)]
    kid = kid_features_to_metric(
        torch.from_numpy(x), torch.from_numpy(y), kid_subsets=1, kid_subset_size=n, verbose=False
    )
    return {
        "torch_fidelity.kid": kid["kernel_inception_distance_mean"],
        "torch_fidelity.fid": fid_statistics_to_metric(*stats, False)["frechet_inception_distance"],
        "clean_fid.kid": kernel_distance(x, y, num_subsets=1, max_subset_size=n),
        "clean_fid.fid": frechet_distance(
            x.mean(0), np.cov(x, rowvar=False), y.mean(0), np.cov(y, rowvar=False)
        ),
        "vendi_score": vendi.score_X(x),
        "vendi_score.dual": vendi.score_dual(x),
    }


if __name__ == "__main__":
    sys.path.insert(0, str(Path(sys.prefix) / "reference"))
    print("\n" + json.dumps({k: float(v) for k, v in main(Path(sys.argv[1])).items()}))
