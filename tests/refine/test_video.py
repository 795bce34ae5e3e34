"""Motion turned around, and noise that goes with it: where the answer is known."""

import numpy as np
import pytest

from scenegen.refine.motion import Truth, backward, change, surfaces
from scenegen.refine.video import Drift

HEIGHT, WIDTH = 24, 32


def translating(flow, surface=None, depth=10.0):
    """Return the truth of a world that moves as a whole."""
    shape = (HEIGHT, WIDTH)
    surface = np.zeros(shape, np.int32) if surface is None else surface
    return Truth(
        np.broadcast_to(np.array(flow, np.float32), (*shape, 2)).copy(),
        np.ones(shape, np.bool_),
        np.full(shape, depth, np.float32),
        surface,
    )


def waves(x, y):
    """Return a smooth picture as a function of places."""
    channels = [np.sin(x / 4), np.cos(y / 5), np.sin((x + y) / 7)]
    return np.clip(np.rint(127 + 100 * np.stack(channels, axis=-1)), 0, 255).astype(np.uint8)


GRID_X, GRID_Y = np.meshgrid(np.arange(WIDTH, dtype=float), np.arange(HEIGHT, dtype=float))


def noise(seed, height=HEIGHT, width=WIDTH):
    return np.random.default_rng(seed).standard_normal((height, width, 3)).astype(np.float32)


@pytest.mark.parametrize("flow", [(3.0, 2.0), (2.5, -1.25), (-0.4, 0.0)])
def test_a_translation_is_turned_around_exactly(flow):
    depth = np.inf if flow[0] < 0 else 10.0  # the sky's, once
    found = backward(translating(flow, depth=depth), np.zeros((HEIGHT, WIDTH), np.int32))
    inner = np.zeros((HEIGHT, WIDTH), np.bool_)
    inner[4:-4, 4:-4] = True
    assert found.known[inner].all()
    assert np.allclose(found.source_px[inner], np.stack([GRID_X, GRID_Y], -1)[inner] - flow)
    before, after = waves(GRID_X, GRID_Y), waves(GRID_X - flow[0], GRID_Y - flow[1])
    assert change(before, after, found) < 2.0
    assert change(before, before, found) > 3.0 * change(before, after, found)


def test_what_came_into_sight_is_not_known():
    found = backward(translating((5.0, 0.0)), np.zeros((HEIGHT, WIDTH), np.int32))
    assert not found.known[:, :5].any()
    assert found.known[:, 5:].all()


def box(left):
    """Return the surfaces of a box before a wall."""
    surface = np.zeros((HEIGHT, WIDTH), np.int32)
    surface[8:16, left : left + 6] = 7
    return surface


def passing():
    """Return a near box that moves 8 px to the right before a wall that stands."""
    surface = box(4)
    near = surface == 7
    truth = translating((0.0, 0.0), surface)
    truth.flow_px[near] = (8.0, 0.0)
    truth.depth_m[near] = 2.0
    return truth


def test_what_a_moving_box_uncovers_is_not_known_and_what_it_hides_is_not_carried():
    found = backward(passing(), box(12))
    assert not found.known[8:16, 4:10].any()
    assert found.known[:8].all()
    assert (found.source_px[8:16, 12:18, 0] == GRID_X[8:16, 12:18] - 8).all()


@pytest.mark.parametrize("flow", [(3.0, 2.0), (0.31, 0.0)])
def test_noise_goes_with_the_world(flow):
    drift = Drift.begun(noise(0))
    surface = np.zeros((HEIGHT, WIDTH), np.int32)
    for step in range(10):
        drift, share = drift.moved(translating(flow), surface, noise(1 + step))
        assert share > 0.75
    dx, dy = round(10 * flow[0]), round(10 * flow[1])
    # Beside where new noise came in, it and the old meet now and then.
    carried = noise(0)[3 : HEIGHT - dy, 3 : WIDTH - dx]
    assert np.array_equal(drift.values[dy + 3 :, dx + 3 :], carried)


def test_noise_of_a_hidden_or_uncovered_place_is_not_carried():
    first, fresh = noise(0), noise(1)
    drift, _ = Drift.begun(first).moved(passing(), box(12), fresh)
    assert np.array_equal(drift.values[8:16, 4:10], fresh[8:16, 4:10])
    assert np.array_equal(drift.values[8:16, 12:18], first[8:16, 4:10])
    assert np.array_equal(drift.values[:8], first[:8])


def test_noise_stays_white_whatever_the_motion():
    height, width, many = 96, 128, 4
    y, x = np.mgrid[:height, :width].astype(np.float32)
    # Driving ahead: everything grows around the middle, some of it faster.
    flow = np.stack([(x - 64) * 0.06, (y - 48) * 0.06], axis=-1) + np.sin(y / 9)[..., None]
    truth = Truth(
        flow.astype(np.float32),
        np.ones((height, width), np.bool_),
        (10 + y).astype(np.float32),
        np.zeros((height, width), np.int32),
    )
    drift = Drift.begun(noise(0, height, width))
    for step in range(many):
        drift, share = drift.moved(truth, truth.surface, noise(1 + step, height, width))
    assert 0.5 < share < 1.0
    values = drift.values.astype(np.float64)
    assert abs(values.std() - 1.0) < 0.02
    assert abs(values.mean()) < 0.02
    for beside in (values[1:] * values[:-1], values[:, 1:] * values[:, :-1]):
        assert abs(beside.mean()) < 0.02  # 36,000 products: a deviation of 0.005
    assert abs((values**3).mean()) < 0.08


def test_noise_at_a_smaller_size_follows_the_frames_own_flow():
    truth = translating((8.0, 0.0))
    drift = Drift.begun(noise(0, 6, 8))
    moved, share = drift.moved(truth, truth.surface, noise(1, 6, 8))
    assert np.array_equal(moved.values[:, 2:], noise(0, 6, 8)[:, :-2])
    assert share == 0.75


def test_surfaces_tell_things_and_classes_apart():
    semantic = np.array([[26, 26, 7]], np.uint8)
    instance = np.array([[1, 2, 0]], np.uint16)
    assert len(np.unique(surfaces(semantic, instance))) == 3


def test_nothing_known_gives_no_number():
    truth = translating((100.0, 0.0))
    assert np.isnan(change(noise_u8(), noise_u8(), backward(truth, truth.surface)))


def noise_u8():
    return np.zeros((HEIGHT, WIDTH, 3), np.uint8)


def test_what_covers_a_place_takes_nothing_of_what_was_there():
    wall, first, fresh = translating((0.0, 0.0)), noise(0), noise(1)
    covered = box(4) == 7  # by something that came from out of the picture
    assert (backward(wall, box(4)).known == ~covered).all()
    drift, _ = Drift.begun(first).moved(wall, box(4), fresh)
    assert np.array_equal(drift.values[covered], fresh[covered])
    assert np.array_equal(drift.values[~covered], first[~covered])
