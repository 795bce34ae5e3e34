"""Versions whose colours are refined: made once, and as `refine` makes them."""

from __future__ import annotations

from pathlib import Path

import pytest

import scenegen
from scenegen.dataset import open_dataset
from tests.pipeline.tiny_refiner import refine_tiny, tiny_weights


@pytest.mark.slow
def test_refined_nights(night, made_again, tmp_path: Path) -> None:
    weights = tiny_weights(tmp_path / "tiny.safetensors")
    keys = f"weights: {weights}, design: sdedit, strength: 0.8, steps: 2, c2pa: {{sign: false}}"
    night.edit("quality: fast", f"quality: fast\nrefine: {{{keys}}}")
    first = night.run()
    assert first.ok
    folder = night.out / "tiny/versions" / first.version.id
    assert open_dataset(folder / "data").info.refinement is not None
    assert open_dataset(folder / "rendered").info.refinement is None
    alone = refine_tiny(folder / "rendered", weights, tmp_path / "alone", c2pa={"sign": False})
    assert scenegen.digest(str(alone.path)) == first.version.digest
    assert scenegen.verify(dataset=str(folder / "data")).ok
    refined, pictures = night.entries("refine"), night.entries("draw")
    assert len(refined) == 4

    second = night.run()
    assert second.version == first.version

    night.edit("strength: 0.8", "strength: 1.6")
    third = night.run()
    assert third.ok
    assert third.version.digest != first.version.digest
    assert made_again(refined, night.entries("refine")) == 4
    assert made_again(pictures, night.entries("draw")) == 0
