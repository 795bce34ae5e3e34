"""A contact sheet of a scenario: a plan and camera views of several draws, labels overlaid."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import cv2
import numpy as np

from scenegen.annotate import RunFacts, annotate
from scenegen.errors import InputError, StorageError
from scenegen.monitor import judge, never_begun
from scenegen.pipeline.detail import with_detail
from scenegen.pipeline.progress import RunProgress
from scenegen.pipeline.scene import process_renderer
from scenegen.report import annotated, birds_eye, contact_sheet
from scenegen.report.facts import find_encounter
from scenegen.roads import build_network
from scenegen.sample import draw, rejected_draw, with_design, written
from scenegen.scenario import load_scenario
from scenegen.scenario.units import TIME, parse_quantity
from scenegen.simulate import simulate

if TYPE_CHECKING:
    from scenegen.pipeline.config import PreviewConfig
    from scenegen.records import ConcreteScenario, Trajectory
    from scenegen.scenario import LogicalScenario

LEAD_FRAMES = 8
"""How far before the moment of most danger the middle picture is taken."""


def preview(config: PreviewConfig, stream: TextIO = sys.stderr) -> Path:
    """Draw a few scenes of a scenario and write one PNG.

    A row a scene: the plan with everybody's way, an early picture, one shortly before the
    ego's contact or closest call, and one at that moment. Where that is at the very start,
    the pictures after it show what becomes of it. Draws that are rejected are shown as they
    begin, with what rejects them; `moments` chooses others. The last caption of a row says which
    behaviours never began.

    Returns
    -------
    Path
        Of the PNG.

    Raises
    ------
    StorageError
        It can't be written.
    InputError
        A moment is none or beyond the scene's end, or no draw is rejected by what is asked for.
    """
    logical = with_design(load_scenario(config.scenario), config.design, config.num_scenes)
    renderer = process_renderer("opengl")
    pictures, captions = [], []
    with RunProgress("preview", config.num_scenes, stream) as progress:
        for index in range(config.num_scenes):
            concrete, reasons = _scene(logical, config, index)
            sensor = _camera(concrete, config.camera)
            trajectory = simulate(concrete)
            concrete = with_detail(concrete, trajectory)
            renderer.load(concrete, trajectory, config.quality)
            moments = _moments(concrete, trajectory, config)
            rows, facts = concrete.frame_rows, RunFacts(concrete, trajectory)
            network = build_network(concrete.road)
            pictures.append(birds_eye(concrete, trajectory, network, row=int(rows[moments[-1]])))
            captions.append(
                f"{concrete.scene_id}  {reasons}" + _told(logical, concrete, trajectory)
            )
            for frame_index in moments:
                frame = renderer.draw(sensor, frame_index)
                labels = annotate(frame, concrete, trajectory, sensor, frame_index, facts)
                pictures.append(annotated(frame.rgb, labels))
                captions.append(f"{frame_index / concrete.rates.camera_hz:.1f} s")
            captions[-1] += _waited(concrete, trajectory)
            progress.advance(concrete.scene_id, len(moments))
    return _write(Path(config.out), contact_sheet(pictures, 1 + len(moments), captions))


def _scene(
    logical: LogicalScenario, config: PreviewConfig, index: int
) -> tuple[ConcreteScenario, str]:
    """Return a scene to show, and what rejects it for its caption."""
    if config.rejected is None or config.rejected == "false":
        return draw(logical, config.seed, index), ""
    wanted = None if config.rejected == "true" else config.rejected
    found = rejected_draw(logical, config.seed, index, wanted)
    return found.scenario, f"rejected by {'; '.join(found.reasons)}  "


def _waited(concrete: ConcreteScenario, trajectory: Trajectory) -> str:
    """Return which behaviours never began, for a caption."""
    waited = never_begun(concrete, trajectory)
    return "".join(f"  {who} never began" for who in waited)


def first_camera(concrete: ConcreteScenario) -> str:
    """Return the name of a scene's first camera; InputError if it has none."""
    for name in concrete.cameras:
        return name
    raise InputError(f"{concrete.name} has no camera, whose views preview would show; add one")


def _camera(concrete: ConcreteScenario, name: str | None) -> str:
    """Return the camera that is asked for, or the first one."""
    if name is not None and name not in concrete.cameras:
        known = ", ".join(concrete.cameras)
        raise InputError(f"{concrete.name} has no camera {name!r} (known: {known})")
    return name or first_camera(concrete)


def _moments(
    concrete: ConcreteScenario, trajectory: Trajectory, config: PreviewConfig
) -> tuple[int, ...]:
    """Return the frames that show a scene, in order; the plan is that of the last one."""
    count = concrete.frame_count
    if config.moments is not None:
        return tuple(_frame_at(text, concrete) for text in config.moments.split(","))
    if config.rejected not in (None, "false"):
        return (0,)
    danger = danger_frame(concrete, trajectory)
    if danger < 2 * LEAD_FRAMES:
        return danger, (danger + count - 1) // 2, count - 1
    return danger // 4, danger - LEAD_FRAMES, danger


def _frame_at(text: str, concrete: ConcreteScenario) -> int:
    """Return the frame at a moment such as ``1.5 s``."""
    hz, last = concrete.rates.camera_hz, concrete.frame_count - 1
    try:
        moment = parse_quantity(text)
    except ValueError as error:
        raise InputError(f"moments: {error}") from error
    if moment.dimension != TIME:
        raise InputError(f"moments: {text.strip()!r} is no time such as '1.5 s'")
    frame = round(moment.value * hz)
    if not 0 <= frame <= last:
        raise InputError(
            f"moments: {text.strip()} is no moment of {concrete.scene_id}, whose pictures go from"
            f" 0 s to {last / hz:g} s"
        )
    return frame


def danger_frame(concrete: ConcreteScenario, trajectory: Trajectory) -> int:
    """Return the last frame before the ego's contact, or that of its smallest time to collision."""
    encounter = find_encounter(concrete, trajectory)
    frame = int(encounter.time_s * concrete.rates.camera_hz)
    return min(frame, concrete.frame_count - 1)


def _told(logical: LogicalScenario, concrete: ConcreteScenario, trajectory: Trajectory) -> str:
    """Return what monitors came to and the first few parameters, as the caption of the plan.

    Parameters that have a name come before those that stand inline.
    """
    told = [f"{name}={value:.3g}" for name, value in judge(concrete, trajectory).items()]
    for name in sorted(concrete.parameters, key=lambda name: "." in name):
        told.append(f"{name}={written(logical, name, concrete.parameters[name])}")
    return " ".join(told[:5])


def _write(path: Path, picture: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> Path:
    done, png = cv2.imencode(path.suffix or ".png", picture[:, :, ::-1])
    assert done
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(png.tobytes())
    except OSError as error:
        raise StorageError(
            f"{path}: can't be written ({error.strerror}); choose another out="
        ) from error
    return path
