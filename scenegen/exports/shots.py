"""The pictures of an export in their order, each under a flat name of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scenegen.dataset import FrameReader, SceneReader
from scenegen.exports.source import Source, Split


@dataclass(frozen=True)
class Shot:
    """A frame of a camera that goes into an export.

    Attributes
    ----------
    number : int
        From 1, in the order of scenes, sensors and frames, over both splits.
    name : str
        ``<scene>_<sensor>_<frame>``; the scene ends in six digits, so no two are alike.
    """

    number: int
    name: str
    split: Split
    scene: SceneReader
    frame: FrameReader


def shots(source: Source) -> Iterator[Shot]:
    """Go through the frames of all cameras that go."""
    number = 0
    for scene in source.scenes():
        split = source.split(scene.id)
        for frame in source.frames(scene):
            number += 1
            name = f"{scene.id}_{frame.sensor}_{frame.index:06d}"
            yield Shot(number, name, split, scene, frame)
