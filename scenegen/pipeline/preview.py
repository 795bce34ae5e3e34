"""A contact sheet of a scenario: a plan and camera views of several draws, labels overlaid."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import cv2
import numpy as np

from scenegen.annotate import RunFacts, annotate
from scenegen.errors import InputError, StorageError
from scenegen.monitor import judge, never_begun, waits_now
from scenegen.pipeline.detail import with_detail
from scenegen.pipeline.draw_scene import process_renderer
from scenegen.pipeline.kept_draws import Asked, asked_draws, write_draws
from scenegen.pipeline.moments import (
    LEAD_FRAMES,
    Moment,
    danger_frame,
    moments_of,
    sight_required,
)
from scenegen.pipeline.progress import RunProgress
from scenegen.report import annotated, birds_eye, contact_sheet
from scenegen.roads import build_network
from scenegen.sample import draw, rejected_draw, with_design, written
from scenegen.scenario import load_scenario
from scenegen.simulate import simulate_told

if TYPE_CHECKING:
    from scenegen.pipeline.config import PreviewConfig
    from scenegen.records import ConcreteScenario, Trajectory
    from scenegen.scenario import LogicalScenario


_ROW = re.compile(r"_\d+:")
"""Ends the name of one body of a row."""


def preview(config: PreviewConfig, stream: TextIO = sys.stderr) -> Path:
    """Draw a few scenes of a scenario and write one PNG.

    A row a scene: the plan with everybody's way, what monitors came to and the parameters, and
    the pictures of `moments_of`. Draws that are rejected are shown as they begin, with what
    rejects them; `moments` chooses others. The last caption of a row says which behaviours never
    began.

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
    ends = config.first + config.num_scenes
    logical = with_design(load_scenario(config.scenario), config.design, ends)
    if config.draws_of is not None and config.rejected not in (None, "false"):
        raise InputError("draws_of shows draws again, rejected those that are none: leave one out")
    scenes = range(config.first, ends)
    asked = asked_draws(logical, config.set, config.draws_of, config.seed, scenes)
    drawn = []
    renderer = process_renderer("opengl")
    pictures, captions = [], []
    with RunProgress("preview", len(asked), stream) as progress:
        for one in asked:
            concrete, reasons = _scene(one, config)
            drawn.append(concrete)
            sensor = _camera(concrete, config.camera)
            trajectory, holds = simulate_told(concrete)
            concrete = with_detail(concrete, trajectory)
            renderer.load(concrete, trajectory, config.quality)
            moments = _moments(logical, concrete, trajectory, config)
            plan = _plan_frame(concrete, trajectory, config, moments)
            rows, facts = concrete.frame_rows, RunFacts(concrete, trajectory)
            network = build_network(concrete.road)
            pictures.append(birds_eye(concrete, trajectory, network, row=int(rows[plan])))
            when = f"{plan / concrete.rates.camera_hz:.1f} s"
            captions.append(
                f"{concrete.scene_id} at {when}{reasons}\n"
                + _told(one.logical, concrete, trajectory)
            )
            for moment in moments:
                frame = renderer.draw(sensor, moment.frame)
                labels = annotate(frame, concrete, trajectory, sensor, moment.frame, facts)
                pictures.append(annotated(frame.rgb, labels))
                time_s = moment.frame / concrete.rates.camera_hz
                waits = waits_now(concrete, trajectory, holds, int(rows[moment.frame]))
                captions.append("  ".join(filter(None, (f"{time_s:.1f} s", moment.why, waits))))
            captions[-1] += _waited(concrete, trajectory)
            progress.advance(concrete.scene_id, len(moments))
    path = _write(Path(config.out), contact_sheet(pictures, 1 + len(moments), captions))
    if config.rejected in (None, "false"):
        write_draws(path.with_suffix(".json"), drawn)
    return path


def _scene(asked: Asked, config: PreviewConfig) -> tuple[ConcreteScenario, str]:
    """Return a scene to show, and what is kept of it, or rejects it, for its caption."""
    logical, seed, index = asked.logical, asked.seed, asked.index
    if config.rejected is None or config.rejected == "false":
        return draw(logical, seed, index), f"  {asked.note}".rstrip()
    wanted = None if config.rejected == "true" else config.rejected
    found = rejected_draw(logical, seed, index, wanted)
    return found.scenario, f"  rejected by {'; '.join(found.reasons)}"


def _waited(concrete: ConcreteScenario, trajectory: Trajectory) -> str:
    """Return which behaviours never began, for a caption, a line each; those of a row together."""
    waited: dict[str, list[str]] = {}
    for told in never_begun(concrete, trajectory):
        waited.setdefault(_ROW.sub(":", told), []).append(told)
    return "".join(
        f"\n{each[0]} never began"
        if len(each) == 1
        else f"\n{row} never began ({len(each)} of them)"
        for row, each in waited.items()
    )


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
    logical: LogicalScenario,
    concrete: ConcreteScenario,
    trajectory: Trajectory,
    config: PreviewConfig,
) -> tuple[Moment, ...]:
    if config.moments is None and config.rejected not in (None, "false"):
        return (Moment(0),)
    return moments_of(concrete, trajectory, config.moments, sight_required(logical))


def _plan_frame(
    concrete: ConcreteScenario,
    trajectory: Trajectory,
    config: PreviewConfig,
    moments: tuple[Moment, ...],
) -> int:
    """Return when the plan is: at the ego's contact or closest call, the last moment else."""
    danger = danger_frame(concrete, trajectory)
    if config.moments is not None or len(moments) == 1 or danger < 2 * LEAD_FRAMES:
        return moments[-1].frame
    return danger


def _told(logical: LogicalScenario, concrete: ConcreteScenario, trajectory: Trajectory) -> str:
    """Return what monitors came to, a line each, and parameters, as the caption of the plan.

    Parameters that have a name come before those that stand inline.
    """
    lines = [
        f"{name} {'holds' if value >= 0 else 'BROKEN'}: {value:.3g}"
        for name, value in judge(concrete, trajectory).items()
    ]
    names = sorted(concrete.parameters, key=lambda name: "." in name)
    told = [f"{name}={written(logical, name, concrete.parameters[name])}" for name in names]
    together = (text.replace(" ", "\N{NO-BREAK SPACE}") for text in told)
    return "\n".join([*lines, "  ".join(together)])


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
