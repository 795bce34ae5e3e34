"""What the ego's cameras and LiDARs give while an episode goes on."""

from __future__ import annotations

from collections.abc import Sequence

from scenegen.drive.sensed import Cloud, Picture, Sensed
from scenegen.drive.unfolding import Unfolding
from scenegen.errors import InputError, nearest
from scenegen.ranging import Lidar, RangingScene
from scenegen.records import ConcreteScenario
from scenegen.render import QualityName, process_renderer
from scenegen.simulate import Recorder

_EARLY_S = 1e-9


class Senses:
    """The newest picture of each camera and the newest whole sweep of each LiDAR.

    Cameras take their pictures at the scenario's own rate, and LiDARs sweep at theirs, whatever
    the rate of decisions. All that a picture shows of the past is what the data set of the same
    run has; what `generate` knows of the time after it (the way that things move until the next
    frame: blur by motion, rows that are read one after the other, streaks of rain) is foreseen
    from velocities. Nothing is left out for being too far away in the whole run, as `generate`
    does with detail that is smaller than a pixel.

    Parameters
    ----------
    scenario : ConcreteScenario
    recorder : Recorder
        With its first row written.
    names : sequence of str
        Of cameras and LiDARs of the scenario.
    quality : str
        Of pictures.

    Raises
    ------
    InputError
        There is no such camera or LiDAR.
    """

    def __init__(
        self,
        scenario: ConcreteScenario,
        recorder: Recorder,
        names: Sequence[str],
        quality: QualityName = "full",
    ) -> None:
        check_sensors(scenario, names)
        self._scenario, self._quality = scenario, quality
        self._cameras = tuple(name for name in names if name in scenario.cameras)
        rates = scenario.rates
        rows = round(scenario.duration_s * rates.control_hz) + 1
        self._stride = rates.control_hz // rates.camera_hz
        self._unfolding = Unfolding(recorder, rows, 2 * self._stride)
        self._trajectory = self._unfolding.trajectory
        lidars = [name for name in names if name in scenario.lidars]
        self._ranged = RangingScene(scenario, self._trajectory, live=True) if lidars else None
        self._lidars = {} if self._ranged is None else {n: Lidar(self._ranged, n) for n in lidars}
        self._found: dict[str, Sensed] = {}
        self._taken = dict.fromkeys(names, -1)

    def at(self, row: int) -> dict[str, Sensed]:
        """Return what is newest at a row by the sensor's name; no sweep before its first end."""
        changed = self._unfolding.take(row) if row else slice(0, len(self._trajectory.step))
        self._look(row, changed)
        if self._ranged is not None:
            self._ranged.refresh(changed)
        time_s = float(self._trajectory.time_s[row])
        for name, lidar in self._lidars.items():
            whole = int(time_s * lidar.spec.rate_hz + _EARLY_S)
            index = min(whole, lidar.sweep_count) - 1
            if index > self._taken[name]:
                sweep, self._taken[name] = lidar.sweep(index), index
                ended = (index + 1) / lidar.spec.rate_hz
                shape = (lidar.spec.channels, lidar.spec.columns)
                self._found[name] = Cloud(ended, sweep.points, sweep.beam, shape)
        return dict(self._found)

    def _look(self, row: int, changed: slice) -> None:
        if not self._cameras:
            return
        renderer = process_renderer("opengl")
        if renderer.holds(self._trajectory):
            renderer.refresh(changed)
        else:
            renderer.load(self._scenario, self._trajectory, self._quality, live=True)
        frame = min(row // self._stride, self._scenario.frame_count - 1)
        for name in self._cameras:
            if frame > self._taken[name]:
                rgb, self._taken[name] = renderer.draw(name, frame).rgb, frame
                at = float(self._trajectory.time_s[self._scenario.frame_rows[frame]])
                self._found[name] = Picture(at, rgb)


def check_sensors(scenario: ConcreteScenario, names: Sequence[str]) -> None:
    """Raise InputError unless a scenario has cameras and LiDARs of these names."""
    known = [*scenario.cameras, *scenario.lidars]
    for name in names:
        if name not in known:
            there = nearest(name, known) or f"; there are {', '.join(known) or 'none'}"
            raise InputError(f"{scenario.name}: no camera or LiDAR {name!r}{there}")
