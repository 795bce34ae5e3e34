"""A contact sheet of a scenario: a plan and camera views of several draws, labels overlaid."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import cv2
import numpy as np

from scenegen.annotate import RunFacts, annotate
from scenegen.errors import InputError, StorageError
from scenegen.monitor import answers_of, never_begun, unit_of, verdicts, waits_now
from scenegen.pipeline.account import account_of, ego_speed_kmh, met_by_ego
from scenegen.pipeline.detail import with_detail
from scenegen.pipeline.kept_draws import asked_draws, write_draws
from scenegen.pipeline.kept_runs import KeptRuns, Run, candidates, read_keep_if
from scenegen.pipeline.moments import (
    LEAD_FRAMES,
    PICTURES,
    Moment,
    Story,
    danger_frame,
    moments_of,
    sight_required,
)
from scenegen.pipeline.progress import RunProgress
from scenegen.pipeline.story import decided, sights, turns
from scenegen.render import process_renderer
from scenegen.report import annotated, birds_eye, contact_sheet
from scenegen.roads import build_network
from scenegen.sample import rejected_draw, with_design, written
from scenegen.scenario import load_scenario
from scenegen.simulate import simulate_told

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scenegen.monitor import Answers, Verdict
    from scenegen.pipeline.config import PreviewConfig
    from scenegen.pipeline.kept_draws import Asked
    from scenegen.records import ConcreteScenario, Trajectory
    from scenegen.scenario import LogicalScenario


COLUMNS = 4
"""Cells beside each other in a sheet whose moments nobody chose: two lines for a scene."""

_ROW = re.compile(r"_\d+:")
"""Ends the name of one body of a row."""


def preview(config: PreviewConfig, stream: TextIO = sys.stderr) -> Path:
    """Draw a few scenes of a scenario and write one PNG.

    Two lines a scene: the plan with everybody's way, what monitors came to and the parameters, and
    the pictures of `moments_of`, each with what monitors ask about as it is then. `keep_if` shows
    runs that it holds for only. Draws that are rejected are shown as they begin, with what
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
    shows_rejected = config.rejected not in (None, "false")
    if shows_rejected and (config.draws_of is not None or config.keep_if is not None):
        other = "keep_if" if config.draws_of is None else "draws_of"
        raise InputError(f"{other} shows draws, rejected those that are none: leave one out")
    numbers = candidates(config.first, config.num_scenes, config.keep_if, config.budget)
    logical = with_design(load_scenario(config.scenario), config.design, numbers.stop)
    asked = asked_draws(logical, config.set, config.draws_of, config.seed, numbers)
    runs = KeptRuns(asked, read_keep_if(config.keep_if, logical), config.num_scenes)
    drawn = []
    renderer = process_renderer("opengl")
    pictures, captions = [], []
    with RunProgress("preview", runs.most, stream) as progress:
        for run in _rejected(asked, config) if shows_rejected else runs:
            concrete, trajectory = run.concrete, run.trajectory
            drawn.append(concrete)
            sensor = _camera(concrete, config.camera)
            found = verdicts(concrete, trajectory)
            moments = _moments(logical, run, found, config, sensor)
            concrete = with_detail(concrete, trajectory)
            renderer.load(concrete, trajectory, config.quality)
            plan = _plan_frame(concrete, trajectory, config, moments)
            rows, facts = concrete.frame_rows, RunFacts(concrete, trajectory)
            answers = answers_of(concrete, trajectory)
            network = build_network(concrete.road)
            met = met_by_ego(concrete, trajectory)
            names = {actor.instance_id: actor.name for actor in concrete.actors}
            row = int(rows[plan])
            pictures.append(birds_eye(concrete, trajectory, network, row=row, with_ids=met))
            when = f"{plan / concrete.rates.camera_hz:.1f} s"
            captions.append(
                f"{concrete.scene_id} at {when}  {run.note}".rstrip() + "\n" + _told(run, found)
            )
            for moment in moments:
                frame = renderer.draw(sensor, moment.frame)
                labels = annotate(frame, concrete, trajectory, sensor, moment.frame, facts)
                pictures.append(annotated(frame.rgb, labels, names=names))
                row = int(rows[moment.frame])
                time_s = moment.frame / concrete.rates.camera_hz
                waits = waits_now(concrete, trajectory, run.holds, row)
                speed = f"ego {ego_speed_kmh(concrete, trajectory, row):.0f} km/h"
                caption = "  ".join(filter(None, (f"{time_s:.1f} s", speed, moment.why, waits)))
                captions.append("\n".join(filter(None, (caption, _asked_of(answers, row)))))
            captions[-1] += _waited(concrete, trajectory)
            progress.advance(concrete.scene_id, len(moments))
    if runs.told:
        print(f"preview: {runs.told}", file=stream)
    columns = COLUMNS if len(moments) == PICTURES else 1 + len(moments)
    path = _write(Path(config.out), contact_sheet(pictures, columns, captions))
    if not shows_rejected:
        write_draws(path.with_suffix(".json"), drawn)
    return path


def _rejected(asked: Sequence[Asked], config: PreviewConfig) -> Iterator[Run]:
    """Yield draws that are rejected, as they begin, and what rejects them."""
    wanted = None if config.rejected == "true" else config.rejected
    for one in asked:
        found = rejected_draw(one.logical, one.seed, one.index, wanted)
        trajectory, holds = simulate_told(found.scenario)
        why = replace(one, note=f"rejected by {'; '.join(found.reasons)}")
        yield Run(why, found.scenario, trajectory, holds, {})


def _asked_of(answers: Sequence[Answers], row: int) -> str:
    """Return what monitors ask about, as it is at a row, for a caption."""
    told = (one.at(row).replace(" ", "\N{NO-BREAK SPACE}") for one in answers)
    return "  ".join(told)


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
    run: Run,
    found: Sequence[Verdict],
    config: PreviewConfig,
    camera: str,
) -> tuple[Moment, ...]:
    if config.moments is None and config.rejected not in (None, "false"):
        return (Moment(0),)
    concrete, trajectory = run.concrete, run.trajectory
    story = Story(turns=turns(concrete, trajectory, run.holds))
    if config.moments is None:
        story = Story(
            sight_required(logical),
            decided(found),
            sights(concrete, trajectory, camera),
            story.turns,
        )
    return moments_of(concrete, trajectory, config.moments, story)


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


def _told(run: Run, found: Sequence[Verdict]) -> str:
    """Return monitors, what happens and parameters, as the caption of the plan."""
    monitors = run.asked.logical.monitors
    lines = [
        one.told(unit_of(monitors[one.name].node))
        + ("" if one.row is None else f" (at {run.trajectory.time_s[one.row]:.1f} s)")
        for one in found
    ]
    account = account_of(run.concrete, run.trajectory, run.holds)
    return "\n".join([*lines, *map(str, account), *_parameters(run.asked.logical, run.concrete)])


def _parameters(logical: LogicalScenario, concrete: ConcreteScenario) -> Iterator[str]:
    """Yield what was drawn, those that have a name before those inline, and what follows."""
    drawn = [name for name in concrete.parameters if name not in logical.derived]
    groups = (
        ("", sorted(drawn, key=lambda name: "." in name)),
        ("from these: ", [name for name in concrete.parameters if name in logical.derived]),
    )
    for before, names in groups:
        told = [f"{name}={written(logical, name, concrete.parameters[name])}" for name in names]
        if told:
            yield before + "  ".join(text.replace(" ", "\N{NO-BREAK SPACE}") for text in told)


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
