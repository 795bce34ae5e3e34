"""What every drawing backend offers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType

    import numpy.typing as npt

    from scenegen.geometry import Camera
    from scenegen.records import ConcreteScenario, Frame, Trajectory
    from scenegen.records.choices import QualityName

TARGETS = frozenset({"rgb", "depth_m", "instance", "semantic", "normal", "flow_px", "silhouettes"})
"""Fields of `Frame` that a backend may fill."""


class Renderer(Protocol):
    """Draws the cameras of one scene at a time.

    A renderer owns its OpenGL context; one process holds at most one open renderer of
    each kind. It is a context manager that closes itself.

    Attributes
    ----------
    name : str
        ``opengl`` or ``pyrender``.
    targets : frozenset of str
        The fields of `Frame` that it fills, a subset of `TARGETS`.
    last_timing : dict
        CPU seconds (of this process) that the last `draw` spent by stage.
    """

    name: str
    targets: frozenset[str]
    last_timing: dict[str, float]

    def load(
        self,
        scenario: ConcreteScenario,
        trajectory: Trajectory,
        quality: QualityName = "full",
        *,
        live: bool = False,
    ) -> None:
        """Take a scene, releasing the one before.

        Parameters
        ----------
        quality : str
            What the colours may cost; all else is the same. Pyrender has one quality.
        live : bool
            Whether rows of the trajectory change as they become known; see `refresh`.
        """

    def refresh(self, rows: slice) -> None:
        """Read some rows of a live scene's trajectory anew, before frames of them are drawn."""

    def holds(self, trajectory: Trajectory) -> bool:
        """Return whether the scene of a trajectory is the one that was loaded last."""

    def draw(self, sensor: str, frame: int) -> Frame:
        """Draw what a sensor sees at a frame, counted from 0.

        The ego's own body is left out of the picture but throws its shadow.

        Raises
        ------
        KeyError
            The scenario has no such sensor.
        IndexError
            The scenario has no such frame.
        """

    def draw_all(self, asked: Sequence[tuple[str, int]]) -> Iterator[Frame]:
        """Draw what sensors see at frames, one after the other.

        A backend may draw a frame while the one before it is being used, so `last_timing`
        lacks the time that its own threads take meanwhile.

        Parameters
        ----------
        asked : sequence of (sensor, frame)
        """

    def draw_camera(
        self, camera: Camera, world_from_camera: npt.ArrayLike, row: int, *, hide_ego: bool = False
    ) -> Frame:
        """Draw from anywhere at a row of the trajectory; the flow points to the next row.

        Parameters
        ----------
        camera : Camera
            Its `body_from_camera` is not used.
        world_from_camera : array_like, shape (4, 4)
        row : int
            Row of the trajectory.
        hide_ego : bool
            Whether the ego is left out, as in its own cameras.
        """

    def close(self) -> None:
        """Release everything; twice is once."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
