"""How backends open, load, close, and live beside each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from scenegen.records import CameraSpec
from scenegen.render import make_renderer

Make = Callable[..., Any]
BACKENDS = ("opengl", "pyrender")


@pytest.mark.parametrize("kind", BACKENDS)
def test_closing_twice_is_closing_once(kind: Any, world: Make) -> None:
    renderer = make_renderer(kind)
    renderer.load(*world())
    renderer.draw("front", 0)
    renderer.close()
    renderer.close()


@pytest.mark.parametrize("kind", BACKENDS)
def test_a_new_renderer_follows_a_closed_one(kind: Any, world: Make, thing: Make) -> None:
    frames = []
    for _ in range(2):
        with make_renderer(kind) as renderer:
            renderer.load(*world(thing("test.cube", (10.0, 0, 0))))
            frames.append(renderer.draw("front", 0))
    assert np.array_equal(frames[0].instance, frames[1].instance)
    assert np.array_equal(frames[0].rgb, frames[1].rgb)


@pytest.mark.parametrize("kind", BACKENDS)
def test_loading_again_forgets_the_scene_before(kind: Any, world: Make, thing: Make) -> None:
    with make_renderer(kind) as renderer:
        renderer.load(*world(thing("test.cube", (10.0, 0, 0))))
        assert (renderer.draw("front", 0).instance == 2).any()
        renderer.load(*world())
        assert (renderer.draw("front", 0).instance == 0).all()


@pytest.mark.parametrize("kind", BACKENDS)
def test_unknown_sensors_and_frames(kind: Any, world: Make) -> None:
    with make_renderer(kind) as renderer:
        renderer.load(*world())
        with pytest.raises(KeyError, match="rear"):
            renderer.draw("rear", 0)
        for frame in (-1, 3):
            with pytest.raises(IndexError):
                renderer.draw("front", frame)


@pytest.mark.parametrize("kind", BACKENDS)
def test_sensors_of_several_sizes(kind: Any, world: Make, thing: Make) -> None:
    sensors = {
        "wide": CameraSpec(width=80, height=32, position_m=(0, 0, 1)),
        "tall": CameraSpec(width=33, height=71, position_m=(0, 0, 1)),
    }
    with make_renderer(kind) as renderer:
        renderer.load(*world(thing("test.cube", (10.0, 0, 0)), sensors=sensors))
        for _ in range(2):
            for name, spec in sensors.items():
                frame = renderer.draw(name, 0)
                assert frame.rgb.shape == (spec.height, spec.width, 3)
                assert frame.instance[spec.height // 2, spec.width // 2] == 2


def test_backends_share_a_process(world: Make, thing: Make) -> None:
    """Interleaved drawing disturbs neither, and closing one leaves the other whole."""
    scene = world(thing("test.cube", (10.0, 0.5, 0)))
    with make_renderer("opengl") as first:
        first.load(*scene)
        alone = first.draw("front", 0)
        second = make_renderer("pyrender")
        second.load(*scene)
        reference = second.draw("front", 0)
        between = first.draw("front", 0)
        again = second.draw("front", 0)
        second.close()
        after = first.draw("front", 0)
    for frame in (between, after):
        assert np.array_equal(frame.rgb, alone.rgb)
        assert np.array_equal(frame.instance, alone.instance)
    assert np.array_equal(reference.instance, again.instance)
    assert np.array_equal(reference.instance, alone.instance)


def test_closing_production_leaves_the_reference(world: Make, thing: Make) -> None:
    scene = world(thing("test.cube", (10.0, 0.5, 0)))
    with make_renderer("pyrender") as reference:
        reference.load(*scene)
        before = reference.draw("front", 0)
        with make_renderer("opengl") as production:
            production.load(*scene)
            production.draw("front", 0)
        after = reference.draw("front", 0)
    assert np.array_equal(before.instance, after.instance)
    assert np.array_equal(before.rgb, after.rgb)


def test_no_such_backend() -> None:
    with pytest.raises(ValueError, match="opengl or pyrender"):
        make_renderer("vulkan")  # type: ignore[arg-type]
