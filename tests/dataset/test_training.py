"""The example of docs/dataset.md trains a real model, by loaders of any kind of worker."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import torch

import scenegen

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/dataset.md"


def example() -> str:
    found = re.search(r"<!-- a test runs this -->\n```python\n(.*?)```", PAGE.read_text(), re.S)
    assert found is not None
    return found[1]


class Segmenter(torch.nn.Sequential):
    def __init__(self) -> None:
        super().__init__(
            torch.nn.Conv2d(3, 16, 5, padding=2), torch.nn.ReLU(), torch.nn.Conv2d(16, 64, 1)
        )


def test_the_example_trains_a_model(dataset):
    torch.manual_seed(0)
    model, losses = Segmenter(), []
    optimizer = torch.optim.Adam(model.parameters(), lr=0.05)

    def step(rgb: torch.Tensor, semantic: torch.Tensor) -> None:
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(rgb), semantic, ignore_index=255)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())

    code = example().replace("outputs/demo", str(dataset.path))
    for _ in range(6):
        exec(code, {"scenegen": scenegen, "torch": torch, "step": step})
    assert len(losses) == 6
    assert losses[-1] < 0.7 * losses[0]


def test_the_readme_shows_the_same_example():
    assert example() in (ROOT / "README.md").read_text()


def _loaded(samples, **options) -> list[dict[str, np.ndarray]]:
    loader = torch.utils.data.DataLoader(samples, batch_size=2, **options)
    return [{key: value.numpy() for key, value in batch.items()} for batch in loader]


@pytest.mark.parametrize("start", ["fork", pytest.param("spawn", marks=pytest.mark.slow)])
def test_workers_load_what_one_process_does(dataset, start):
    samples = dataset.frames("front", layers=("rgb", "semantic", "instance", "depth", "flow"))
    alone = _loaded(samples)
    assert len(alone) == 2
    assert alone[0]["rgb"].shape == (2, 3, 48, 64)
    for batch, expected in zip(
        _loaded(samples, num_workers=2, multiprocessing_context=start), alone, strict=True
    ):
        assert batch.keys() == expected.keys()
        for key, value in batch.items():
            np.testing.assert_array_equal(value, expected[key])


def test_scenes_and_readers_go_through_a_loader_too(dataset):
    for items in (dataset, dataset.frames("front")):
        loader = torch.utils.data.DataLoader(
            items, batch_size=None, num_workers=2, multiprocessing_context="fork"
        )
        names = [item.id if hasattr(item, "id") else item.entry.frame for item in loader]
        assert names == [item.id if hasattr(item, "id") else item.entry.frame for item in items]
