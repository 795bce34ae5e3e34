"""The agent that learned to drive by a camera: what it sees, what it learns, how it is run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from scenegen.drive import Pedals, drive_episode
from scenegen.drive.agents.camera.agent import WEIGHTS, CameraAgent, answer
from scenegen.drive.agents.camera.eye import HEIGHT, WIDTH, Eye, Glance, shrunk
from scenegen.drive.agents.camera.lessons import Lesson, lessons
from scenegen.drive.agents.camera.network import Driver, read_driver, write_driver
from scenegen.drive.agents.camera.training import train
from scenegen.drive.sensed import Picture
from scenegen.errors import InputError
from scenegen.resources import resource_folder
from scenegen.sample.rig import parse_rig
from scenegen.seeds import named_generator
from tests.drive.scenes import alone

RIG = parse_rig({"front": {"width": WIDTH, "height": HEIGHT}}, "sensors=")


def flat(level: int) -> np.ndarray:
    return np.full((HEIGHT, WIDTH, 3), level, np.uint8)


def test_it_sees_two_pictures_a_fifth_of_a_second_apart() -> None:
    eye = Eye(20.0)
    for k in range(6):
        glance = eye.look(Picture(0.1 * k, flat(10 * k)), 10.0)
        assert glance.pictures.shape == (6, HEIGHT, WIDTH)
        assert glance.pictures[0, 0, 0] == 10 * k
        assert glance.pictures[3, 0, 0] == 10 * max(k - 2, 0)
    assert glance.speeds.tolist() == [0.25, 0.5]


def test_larger_pictures_are_shrunk_by_the_mean() -> None:
    large = np.repeat(np.repeat(flat(40), 4, axis=0), 4, axis=1)
    large[::2] = 80
    assert (shrunk(large) == 60).all()


def test_it_learns_what_it_is_told() -> None:
    """A light half of the picture says where to steer, and how light it is to brake."""
    generator = named_generator("camera agent", "test")
    made = []
    for _ in range(128):
        picture = np.zeros((6, HEIGHT, WIDTH), np.uint8)
        left, level = bool(generator.integers(2)), int(generator.choice([80, 240]))
        picture[:, :, : WIDTH // 2] = level if left else 0
        picture[:, :, WIDTH // 2 :] = 0 if left else level
        told = np.array([1.0 if left else -1.0, -1.0 if level == 240 else 0.5], np.float32)
        made.append(Lesson(Glance(picture, np.full(2, 0.5, np.float32)), told))
    driver = train(made, 40, generator, tell=lambda text: None)
    actions = [answer(driver, lesson.glance) for lesson in made]
    assert (
        np.mean([(a.steer > 0) == (m.told[0] > 0) for a, m in zip(actions, made, strict=True)]) == 1
    )
    assert (
        np.mean([(a.pedal > 0) == (m.told[1] > 0) for a, m in zip(actions, made, strict=True)])
        > 0.9
    )


def test_lessons_tell_what_the_teacher_does() -> None:
    scenario = alone(12.0, 2.0).model_copy(update={"sensors": RIG})
    made = list(lessons(scenario, named_generator("lessons", "test")))
    assert len(made) == 20
    assert {lesson.glance.pictures.shape for lesson in made} == {(6, HEIGHT, WIDTH)}
    assert all(np.isfinite(lesson.told).all() for lesson in made)
    again = list(lessons(scenario, named_generator("lessons", "test")))
    assert all(np.array_equal(a.told, b.told) for a, b in zip(made, again, strict=True))
    driven = list(lessons(scenario, named_generator("lessons", "test"), Driver().eval()))
    assert not np.array_equal(driven[-1].glance.pictures, made[-1].glance.pictures)


def test_weights_survive_their_file(tmp_path: Path) -> None:
    torch.manual_seed(0)
    driver = Driver().eval()
    write_driver(tmp_path / "it.safetensors", driver, {"licence": "none"})
    again = read_driver(tmp_path / "it.safetensors")
    glance = Glance(np.full((6, HEIGHT, WIDTH), 99, np.uint8), np.full(2, 0.5, np.float32))
    one, two = answer(driver, glance), answer(again, glance)
    assert (one.steer, one.pedal) == pytest.approx((two.steer, two.pedal), abs=1e-3)
    with pytest.raises(InputError, match="no weights of the camera agent"):
        read_driver(tmp_path / "missing.safetensors")


def test_it_keeps_to_an_empty_straight_road() -> None:
    scenario = alone(14.0, 5.0).model_copy(update={"sensors": RIG})
    made = [
        drive_episode(scenario, CameraAgent(), "camera", decision_hz=10, quality="fast")
        for _ in range(2)
    ]
    record = made[0].record
    assert record.termination == "completed"
    assert record.violated == ()
    assert all(isinstance(action, Pedals) for action in made[0].actions)
    assert np.array_equal(made[0].trajectory.position_m, made[1].trajectory.position_m)
    assert (resource_folder("assets") / WEIGHTS).stat().st_size < 2_000_000


def test_without_a_camera_it_says_so() -> None:
    made = drive_episode(alone().model_copy(update={"sensors": {}}), CameraAgent(), "camera")
    assert made.record.termination.startswith("agent: the camera agent needs a camera")
