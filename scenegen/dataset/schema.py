"""The models of ``dataset.json`` and of each scene's ``files.json``, schema version 1."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, field_validator

from scenegen.records import Robustness
from scenegen.records.base import Record
from scenegen.records.taxonomy import CLASSES

SCHEMA_VERSION = 1

RUN_ONLY = frozenset(
    {"out", "workers", "resume", "verbose", "executor", "progress", "hydra", "report", "c2pa"}
)
"""Keys of the config that say how a run goes and not what it makes."""

COUNT_ONLY = frozenset({"num_scenes", "first", "until_coverage", "budget"})
"""Keys of the config that a resumed run may change: more of the same data set."""


class Search(Record):
    """How the scenes of a scenario were found among its draws.

    Scenes are distributed as the draws are given that the condition holds, and so is the
    nominal distribution that their weights lead to.

    Attributes
    ----------
    keep_if : str
        The condition on the scenario's monitors that every scene meets.
    simulated, kept, failed : int
        Draws whose runs were judged, those of them that met it, and draws that could not be
        placed or simulated, which are among neither.
    share, nominal_share : float
        Kept of the simulated draws, and that share under the nominal distribution: weighted by
        exp(log_weight).
    """

    keep_if: str
    simulated: int
    kept: int
    failed: int
    share: float
    nominal_share: float


class ScenarioEntry(Record):
    """A logical scenario of the data set, with its canonical form and that form's sha256.

    `monitors` are the texts of what its runs are held against; `search` is None where every
    draw became a scene.
    """

    name: str
    digest: str
    description: str = ""
    logical: dict[str, Any] = Field(default_factory=dict)
    monitors: dict[str, str] = Field(default_factory=dict)
    search: Search | None = None


class ClassEntry(Record):
    """A row of the class table; see `records.taxonomy.SemanticClass`."""

    id: int
    name: str
    color: tuple[int, int, int]
    things: bool
    cityscapes_id: int


class SensorEntry(Record):
    """A sensor by its name: what it is, and the layers that its frames have."""

    kind: str
    layers: tuple[str, ...]
    frames: int


class Counts(Record):
    """How much there is. `objects` counts labels by class."""

    scenes: int = 0
    frames: int = 0
    objects: dict[str, int] = Field(default_factory=dict)


class Licence(Record):
    """Under which terms a part of the data set's content stands.

    Attributes
    ----------
    changes : str
        What was done to an imported asset.
    sha256 : str
        Of the file that an imported asset was made from.
    """

    what: str
    licence: str
    attribution: str = ""
    source: str = ""
    changes: str = ""
    sha256: str = ""


class Platform(Record):
    """What the bytes depend on besides scenegen: see "reproducible" in docs/dataset.md."""

    system: str = ""
    processor: str = ""
    python: str = ""
    packages: dict[str, str] = Field(default_factory=dict)
    opengl_renderer: str = ""


class Synthetic(Record):
    """That the frames are made and not taken.

    Attributes
    ----------
    statement : str
        For people.
    digital_source_type : str
        For programs: IPTC's term.
    """

    statement: str
    digital_source_type: str


class Signing(Record):
    """Who signed the manifests of the frames.

    Attributes
    ----------
    algorithm : str
        As C2PA calls it.
    certificate : str
        PEM of what vouches for the signer.
    """

    algorithm: str
    certificate: str


def class_table() -> tuple[ClassEntry, ...]:
    """Return the class table of this version."""
    return tuple(
        ClassEntry(
            id=c.id, name=c.name, color=c.color, things=c.things, cityscapes_id=c.cityscapes_id
        )
        for c in CLASSES
    )


class Refinement(Record):
    """How the colours of a refined data set came from those of a rendered one.

    Attributes
    ----------
    source : str
        sha256 over the rendered set's ``dataset.json`` without what may differ between runs.
    weights, translator : str
        sha256 of the model's file; and of the model with its settings and colours.
    settings : dict
        What the frames depend on besides.
    scenegen_version, torch_version : str
        Of what refined them; those above are of what rendered them.
    notes : dict of str
        What the model's maker says of it.
    rejection : dict or None
        What the label gate did to all frames: `refine.gate.Rejection`; None without one.
    """

    source: str
    weights: str
    translator: str
    settings: dict[str, Any]
    scenegen_version: str
    torch_version: str
    notes: dict[str, str] = Field(default_factory=dict)
    rejection: dict[str, Any] | None = None


class DatasetInfo(Record):
    """``dataset.json``.

    Attributes
    ----------
    config : dict
        The resolved config of the run, without what says how it goes (`RUN_ONLY`), so
        that folder and worker count change no byte.
    sensors, counts, manifests, index_sha256, complete
        Filled in by `Output.finish`: `manifests` is the sha256 of each scene's
        ``files.json``, which in turn holds that of every file of the scene.
    searched_sha256 : str
        Of ``searched.parquet``; empty where scenes were not searched for.
    synthetic : Synthetic or None
        None in data sets from before it was said.
    signing : Signing or None
        None where frames have no manifests.
    refinement : Refinement, optional
        There if rgb isn't as it was rendered.
    """

    schema_version: Literal[1] = 1
    scenegen_version: str
    seed: int
    config: dict[str, Any]
    scenarios: tuple[ScenarioEntry, ...]
    classes: tuple[ClassEntry, ...] = Field(default_factory=class_table)
    sensors: dict[str, SensorEntry] = Field(default_factory=dict)
    counts: Counts = Counts()
    licences: tuple[Licence, ...] = ()
    synthetic: Synthetic | None = None
    signing: Signing | None = None
    platform: Platform = Platform()
    refinement: Refinement | None = None
    complete: bool = False
    manifests: dict[str, str] = Field(default_factory=dict)
    index_sha256: str = ""
    searched_sha256: str = ""

    @field_validator("config")
    @classmethod
    def _what_is_made(cls, config: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in config.items() if key not in RUN_ONLY}

    def identity(self) -> dict[str, Any]:
        """Return what must agree for a run to continue this data set."""
        made = self.refinement
        settings: dict[str, Any] = {}
        if made is not None:
            settings = made.settings | made.model_dump(exclude={"settings", "rejection"})
        return {
            "schema version": self.schema_version,
            "scenegen version": self.scenegen_version,
            "seed": self.seed,
            "scenarios": {s.name: s.digest for s in self.scenarios},
            "monitors": {s.name: s.monitors for s in self.scenarios},
            "config": self._lasting_config(),
            "refinement": settings,
        }

    def reproducible(self) -> dict[str, Any]:
        """Return the part that is equal for every run of the same version and config."""
        content = self.model_dump(mode="json", exclude={"platform", "config", "signing"})
        content["config"] = self._lasting_config()
        if self.refinement is None:  # as before there was such a field
            del content["refinement"]
        for scenario in content["scenarios"]:
            for name in ("monitors", "search"):
                if not scenario[name]:
                    del scenario[name]
        if not self.searched_sha256:
            del content["searched_sha256"]
        return content

    def _lasting_config(self) -> dict[str, Any]:
        return {key: value for key, value in self.config.items() if key not in COUNT_ONLY}


class FileEntry(Record):
    """A file of a scene: its hash and length."""

    sha256: str
    bytes: int


class FrameEntry(Record):
    """A frame of one sensor: what the index says of it besides paths and hashes."""

    kind: Literal["camera", "lidar", "radar"] = "camera"
    sensor: str
    frame: int
    step: int
    time_s: float
    layers: tuple[str, ...]
    objects: dict[str, int]


class SceneManifest(Record):
    """``files.json`` of a scene; paths are relative to the scene's folder.

    `licences` are those of the imported assets that the scene shows, `robustness` what the
    run's monitors came to.
    """

    schema_version: Literal[1] = 1
    scene: str
    scenario: str
    scenario_digest: str
    seed: int
    index: int
    parameters: dict[str, float | str | bool]
    log_weight: float
    robustness: dict[str, Robustness] = Field(default_factory=dict)
    licences: tuple[Licence, ...] = ()
    frames: tuple[FrameEntry, ...]
    files: dict[str, FileEntry]
