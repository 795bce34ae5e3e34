"""What ``dataset.json`` says of all scenes, from manifests that come one after the other."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scenegen.dataset.schema import Counts, FrameEntry, Licence, SensorEntry

if TYPE_CHECKING:
    from scenegen.dataset.schema import SceneManifest


@dataclass
class Summary:
    """Counts of what scenes have; grows with the number of scenes by a digest for each."""

    _objects: Counter[str] = field(default_factory=Counter)
    _frames: Counter[str] = field(default_factory=Counter)
    _first: dict[str, FrameEntry] = field(default_factory=dict)
    _licences: set[Licence] = field(default_factory=set)
    _hashes: dict[str, str] = field(default_factory=dict)

    def add(self, manifest: SceneManifest, digest: str) -> None:
        """Count a scene.

        Parameters
        ----------
        digest : str
            sha256 of its ``files.json``.
        """
        for frame in manifest.frames:
            self._objects.update(frame.objects)
            self._frames[frame.sensor] += 1
            self._first.setdefault(frame.sensor, frame)
        self._licences.update(manifest.licences)
        self._hashes[manifest.scene] = digest

    def found(self, own: tuple[Licence, ...]) -> dict[str, Any]:
        """Return the fields of `DatasetInfo` that follow from the scenes.

        Parameters
        ----------
        own : tuple of Licence
            The run's; those that scenes name come after them, each once.
        """
        named = sorted(self._licences - set(own), key=lambda one: (one.what, one.sha256))
        return {
            "licences": own + tuple(named),
            "sensors": {
                name: SensorEntry(kind=first.kind, layers=first.layers, frames=self._frames[name])
                for name, first in sorted(self._first.items())
            },
            "counts": Counts(
                scenes=len(self._hashes),
                frames=self._frames.total(),
                objects=dict(sorted(self._objects.items())),
            ),
            "manifests": self._hashes,
        }
