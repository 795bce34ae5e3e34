"""MOTChallenge (Milan et al. 2016): boxes of tracks in pictures, a sequence a camera and scene."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from scenegen.dataset import FrameReader, SceneReader
from scenegen.dataset.layout import read_content
from scenegen.exports.folder import ExportFolder
from scenegen.exports.source import Source
from scenegen.exports.things import RIDDEN, SceneThings
from scenegen.records import FrameLabels, ObjectLabel

BENCHMARK = "scenegen"
PEDESTRIAN, ON_VEHICLE, CAR, BICYCLE, MOTORBIKE, OTHER_VEHICLE, STILL, OTHER = range(1, 9)
"""MOT16's classes; ``other`` is its distractor."""
_CLASSES = {
    "person": PEDESTRIAN,
    "rider": PEDESTRIAN,
    "car": CAR,
    "truck": CAR,
    "bus": CAR,
    "train": OTHER_VEHICLE,
    "bicycle": BICYCLE,
    "motorcycle": MOTORBIKE,
    "dynamic": OTHER_VEHICLE,
}


@dataclass(frozen=True)
class MotBox:
    """A line of ``gt.txt``.

    Attributes
    ----------
    frame : int
        From 1.
    track : int
        The actor's instance id.
    left, top, width, height : float
        px, of the whole object, also outside of the picture. The picture's left and top edge are
        at 1, as MOTChallenge counts.
    counts : bool
        Whether the evaluation wants the box found: it does pedestrians.
    class_id : int
    visibility : float
        Share of the object that is in the picture and in sight.
    """

    frame: int
    track: int
    left: float
    top: float
    width: float
    height: float
    counts: bool
    class_id: int
    visibility: float

    @property
    def line(self) -> str:
        """The line of ``gt.txt``."""
        return (
            f"{self.frame},{self.track},{self._box},{int(self.counts)},{self.class_id},"
            f"{self.visibility:.5f}\n"
        )

    @property
    def detection(self) -> str:
        """The line of ``det.txt`` of a detector that sees what is there, and is sure."""
        return f"{self.frame},-1,{self._box},1,-1,-1,-1\n"

    @property
    def _box(self) -> str:
        return ",".join(f"{n:.3f}" for n in (self.left, self.top, self.width, self.height))


def write_mot(source: Source, folder: ExportFolder) -> None:
    """Write ``scenegen-train`` and ``scenegen-val`` with a folder for each camera of each scene."""
    source.need("camera", "MOTChallenge")
    sequences: dict[str, list[str]] = {"train": [], "val": []}
    for scene in source.scenes():
        things = SceneThings(scene)
        for sensor, group in groupby(source.frames(scene), key=lambda frame: frame.sensor):
            split = source.split(scene.id)
            name = f"{scene.id}-{sensor}"
            _write_sequence(folder, f"{BENCHMARK}-{split}/{name}", scene, things, list(group))
            sequences[split].append(name)
    for side, names in sequences.items():
        text = "".join(f"{name}\n" for name in ["name", *names])
        folder.write(f"seqmaps/{BENCHMARK}-{side}.txt", text.encode())


def _write_sequence(
    folder: ExportFolder,
    base: str,
    scene: SceneReader,
    things: SceneThings,
    frames: list[FrameReader],
) -> None:
    boxes: list[MotBox] = []
    labels = frames[0].labels
    for number, frame in enumerate(frames, start=1):
        labels = frame.labels
        boxes += _boxes(number, labels, things)
        folder.copy(f"{base}/img1/{number:06d}.png", frame.path("rgb"))
    folder.write(f"{base}/gt/gt.txt", "".join(box.line for box in boxes).encode())
    seen = "".join(box.detection for box in boxes if box.counts)
    folder.write(f"{base}/det/det.txt", seen.encode())
    about = {
        "name": base.split("/")[1],
        "imDir": "img1",
        "frameRate": f"{scene.scenario.rates.camera_hz:g}",
        "seqLength": str(len(frames)),
        "imWidth": str(labels.camera.width),
        "imHeight": str(labels.camera.height),
        "imExt": ".png",
    }
    lines = ["[Sequence]", *(f"{key}={value}" for key, value in about.items())]
    folder.write(f"{base}/seqinfo.ini", ("\n".join(lines) + "\n").encode())


def _boxes(number: int, labels: FrameLabels, things: SceneThings) -> Iterator[MotBox]:
    seen = {label.instance_id: label for label in labels.objects}
    for thing in things.at(labels.time_s, seen):
        for actor in thing.actors:
            if actor.instance_id in seen:
                rides = len(thing.actors) > 1 and actor.category not in RIDDEN
                yield _box(number, seen[actor.instance_id], rides)


def _box(number: int, label: ObjectLabel, rides: bool) -> MotBox:
    left, top, right, bottom = label.box2d_amodal
    class_id = ON_VEHICLE if rides else _CLASSES.get(label.category, OTHER)
    return MotBox(
        number,
        label.instance_id,
        *(left + 1, top + 1, right - left, bottom - top),
        counts=class_id == PEDESTRIAN,
        class_id=class_id,
        visibility=(1 - label.occlusion) * (1 - label.truncation),
    )


def read_mot(path: Path) -> list[MotBox]:
    """Return the boxes of a ``gt.txt``; DatasetError if it is missing or damaged."""
    return read_content(path, lambda data: [_read(row) for row in _rows(data)])


def _rows(data: bytes) -> Iterable[list[float]]:
    lines = data.decode().splitlines()
    return ([float(word) for word in line.split(",")] for line in lines if line.strip())


def _read(row: list[float]) -> MotBox:
    frame, track, left, top, width, height, counts, class_id, visibility = row
    box = (left, top, width, height)
    return MotBox(int(frame), int(track), *box, bool(counts), int(class_id), visibility)
