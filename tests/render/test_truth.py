"""Depth, ids, normals, flow and silhouettes against what geometry says."""

import numpy as np
import pytest

from scenegen.geometry import apply, inverse
from scenegen.records import CameraSpec


def _box_at(x, y=0.0, z=0.5, size=(1.0, 2.0, 1.0), step=(0.0, 0.0, 0.0)):
    return size, np.array([x, y, z]) + np.arange(5)[:, None] * np.array(step)


def _front_face_pixels(frame, depth, half_width, z, y=0.0):
    """Pixels whose centre lies in the face of a box that looks at the camera at height 1.5."""
    points = frame.camera.unproject(frame.camera.pixel_centres(), np.full((96, 160), depth))
    across, down = points[..., 0] + y, points[..., 1]
    return (np.abs(across) < half_width) & (down < 1.5 - z[0]) & (down > 1.5 - z[1])


@pytest.mark.parametrize("y", [0.0, 1.3])
def test_a_box_covers_exactly_the_predicted_pixels_at_its_depth(renderer, make_world, y):
    renderer.load(*make_world({7: _box_at(10.5, y)}, ground=False))
    frame = renderer.draw("front", 0)
    face = _front_face_pixels(frame, 10.0, 1.0, (0.5, 1.5), y)
    assert face.sum() > 50
    assert (frame.instance[face] == 7).all()
    np.testing.assert_allclose(frame.depth_m[face], 10.0, atol=1e-5)
    np.testing.assert_allclose(frame.normal[face], [[0.0, 0.0, -1.0]] * face.sum(), atol=1e-4)
    # At the height of its top, only its front can be seen if it stands in the middle.
    if y == 0.0:
        assert ((frame.instance == 7) == face).all()


def test_the_ground_has_linear_depth_ids_and_upward_normals(renderer, make_world):
    renderer.load(*make_world())
    frame = renderer.draw("front", 0)
    ray_down = frame.camera.unproject(frame.camera.pixel_centres(), np.ones((96, 160)))[..., 1]
    seen = (ray_down > 0) & (1.5 / np.maximum(ray_down, 1e-9) < 190.0)
    np.testing.assert_allclose(frame.depth_m[seen], 1.5 / ray_down[seen], rtol=5e-6)
    assert (frame.semantic[seen] == 7).all()
    assert (frame.instance == 0).all()
    np.testing.assert_allclose(frame.normal[seen], [[0.0, -1.0, 0.0]] * seen.sum(), atol=1e-3)
    above = ray_down < 0
    assert np.isinf(frame.depth_m[above]).all()
    assert (frame.semantic[above] == 23).all()
    assert not frame.flow_valid[above].any()


def test_normals_are_unit_and_face_the_camera(renderer, make_world):
    renderer.load(*make_world({7: _box_at(8.0, 2.5), 9: _box_at(14.0, -3.0)}))
    frame = renderer.draw("front", 0)
    seen = np.isfinite(frame.depth_m)
    np.testing.assert_allclose(np.linalg.norm(frame.normal[seen], axis=1), 1.0, atol=1e-5)
    points = frame.camera.unproject(frame.camera.pixel_centres(), np.where(seen, frame.depth_m, 1))
    assert (np.einsum("nk,nk->n", frame.normal[seen], points[seen]) < 0).all()


def test_flow_of_a_moving_box_and_of_the_still_ground(renderer, make_world):
    # Rows are half a frame apart, so a box moves twice its step from frame to frame.
    scenario, trajectory = make_world({7: _box_at(10.5, step=(-0.2, 0.1, 0.0))})
    renderer.load(scenario, trajectory)
    frame = renderer.draw("front", 0)
    centres = frame.camera.pixel_centres()
    seen = frame.flow_valid
    assert (seen == np.isfinite(frame.depth_m)).all()
    points = frame.camera.unproject(centres, np.where(seen, frame.depth_m, 1.0))
    # World -x is camera -z; world +y is camera -x.
    points[frame.instance == 7] += np.array([-0.2, 0.0, -0.4])
    expected = frame.camera.project(points) - centres
    np.testing.assert_allclose(frame.flow_px[seen], expected[seen], atol=2e-3)
    assert np.abs(frame.flow_px[frame.instance == 0]).max() < 2e-3


def test_flow_of_the_still_ground_from_a_moving_camera(renderer, make_world):
    scenario, trajectory = make_world()
    moved = trajectory.position_m.copy()
    moved[:, 0, 0] = np.arange(5) * 0.5
    trajectory = type(trajectory)(**{**vars(trajectory), "position_m": moved})
    renderer.load(scenario, trajectory)
    frame = renderer.draw("front", 1)
    assert frame.step == 2
    seen = frame.flow_valid & (frame.depth_m < 100.0)
    centres = frame.camera.pixel_centres()
    points = frame.camera.unproject(centres, np.where(seen, frame.depth_m, 1.0))
    there = inverse(frame.next_world_from_camera) @ frame.world_from_camera
    expected = frame.camera.project(apply(there, points.reshape(-1, 3))).reshape(centres.shape)
    np.testing.assert_allclose(frame.flow_px[seen], (expected - centres)[seen], atol=5e-3)


def test_silhouettes_are_what_is_seen_when_nothing_else_is_there(renderer, make_world):
    boxes = {7: _box_at(10.5), 9: _box_at(16.0, 0.8), 12: _box_at(9.0, 6.5, size=(4.0, 2.0, 1.5))}
    scenario, trajectory = make_world(boxes)
    renderer.load(scenario, trajectory)
    together = renderer.draw("front", 0)
    assert set(together.silhouettes) == set(boxes)
    for number, box in boxes.items():
        # Alone, and in a picture three times as large with the same focal length.
        wide = CameraSpec(
            width=480,
            height=288,
            hfov_rad=2 * np.arctan(3 * np.tan(1.2217 / 2)),
            position_m=(0.0, 0.0, 1.5),
        )
        renderer.load(*make_world({number: box}, ground=False, camera=wide))
        mask = renderer.draw("front", 0).instance == number
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        found = together.silhouettes[number]
        assert found.area_px == mask.sum()
        assert found.inside_px == mask[96:192, 160:320].sum()
        assert found.box == (
            columns[0] - 160,
            rows[0] - 96,
            columns[-1] + 1 - 160,
            rows[-1] + 1 - 96,
        )
        assert found.inside_px >= (together.instance == number).sum()
    assert (together.instance == 9).sum() < together.silhouettes[9].inside_px


def test_the_ego_is_left_out_of_its_camera_but_not_of_a_free_view(renderer, make_world):
    scenario, trajectory = make_world()
    renderer.load(scenario, trajectory)
    assert not (renderer.draw("front", 0).instance == 1).any()
    camera = scenario.sensors["front"].camera()
    behind = np.eye(4)
    behind[:3, :3] = camera.body_from_camera[:3, :3]
    behind[:3, 3] = (-10.0, 0.0, 2.0)
    free = renderer.draw_camera(camera, behind, 0)
    assert (free.instance == 1).any()
    assert not (renderer.draw_camera(camera, behind, 0, hide_ego=True).instance == 1).any()


def test_frames_and_sensors_that_do_not_exist_are_refused(renderer, make_world):
    renderer.load(*make_world())
    with pytest.raises(IndexError):
        renderer.draw("front", 2)
    with pytest.raises(KeyError):
        renderer.draw("back", 0)
