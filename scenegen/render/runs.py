"""What is drawn with one command."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64
from scenegen.render.scene import RenderScene

COMMAND_DTYPE = np.dtype(
    [
        ("count", "<u4"),
        ("instances", "<u4"),
        ("first_index", "<u4"),
        ("base_vertex", "<i4"),
        ("base_instance", "<u4"),
    ]
)


@dataclass(frozen=True)
class Runs:
    """The surfaces of a part that are seen from outside only, or those seen from both sides.

    A command costs as much as many triangles, so there are few of them.

    Attributes
    ----------
    order : ndarray, shape (D,)
        The drawables, run by run.
    first : ndarray, shape (R,)
        Where a run begins in `order`.
    part, object, instance : ndarray, shape (R,)
    two_sided : ndarray, shape (R,), bool
    textured : ndarray, shape (R,), bool
        Whether any of its surfaces has a texture.
    commands : ndarray, shape (R,), `COMMAND_DTYPE`
    """

    order: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]
    part: npt.NDArray[np.int64]
    object: npt.NDArray[np.int64]
    instance: npt.NDArray[np.int64]
    two_sided: npt.NDArray[np.bool_]
    textured: npt.NDArray[np.bool_]
    commands: npt.NDArray[np.void]

    def any(self, flags: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Return for each run (R,) whether a flag (D,) of its drawables is set."""
        return np.logical_or.reduceat(flags[self.order], self.first)

    def mean(self, values: F64) -> F64:
        """Return for each run (R,) the mean of values (D,) of its drawables."""
        counts = np.diff(np.append(self.first, len(self.order)))
        return np.asarray(np.add.reduceat(values[self.order], self.first) / counts)


def runs_of(scene: RenderScene) -> Runs:
    """Gather a scene's drawables into runs."""
    drawables = scene.drawables
    part = np.array([d.part for d in drawables], dtype=np.int64)
    both = np.array([scene.materials[d.material].two_sided for d in drawables])
    textured = np.array([scene.materials[d.material].texture is not None for d in drawables])
    order = np.lexsort((both, part))
    key = 2 * part[order] + both[order]
    first = np.flatnonzero(np.diff(key, prepend=-1))
    sizes = np.array([3 * len(drawables[i].surface.faces) for i in order], dtype=np.int64)
    starts = np.cumsum(sizes) - sizes
    commands = np.zeros(len(first), dtype=COMMAND_DTYPE)
    commands["count"] = np.add.reduceat(sizes, first)
    commands["instances"] = 1
    commands["first_index"] = starts[first]
    leaders = order[first]
    commands["base_instance"] = part[leaders]
    return Runs(
        order=order,
        first=first,
        part=part[leaders],
        object=np.array([drawables[i].object for i in leaders], dtype=np.int64),
        instance=np.array([drawables[i].instance_id for i in leaders], dtype=np.int64),
        two_sided=both[leaders],
        textured=np.logical_or.reduceat(textured[order], first),
        commands=commands,
    )


def faces_in_order(scene: RenderScene, runs: Runs) -> npt.NDArray[np.int32]:
    """Return the vertex indices (F, 3) run by run."""
    faces = [scene.drawables[i].surface.faces + scene.drawables[i].first_vertex for i in runs.order]
    return np.concatenate(faces).astype(np.int32)
