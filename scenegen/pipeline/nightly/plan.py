"""What a plan of regeneration says: scenes, sensors, refinement, exports and gates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import Field, StrictBool, StrictInt, ValidationError

from scenegen.errors import InputError, Place, ScenarioError, nearest
from scenegen.exports import FORMATS
from scenegen.pipeline.config import ExportConfig, GenerateConfig
from scenegen.pipeline.config_base import VerbConfig
from scenegen.pipeline.drive_config import DriveConfig
from scenegen.pipeline.evaluate_config import EvaluateConfig
from scenegen.pipeline.export_formats import SCENE_FORMATS
from scenegen.pipeline.refine_config import RefineConfig
from scenegen.pipeline.requested import sized
from scenegen.resources import resource_folder
from scenegen.sample import parse_rig
from scenegen.scenario import Plan
from scenegen.scenario.document import Section
from scenegen.scenario.files import is_path, read_text
from scenegen.scenario.library import library_files
from scenegen.scenario.plan import MAX_ENTRIES, EntrySection, Name, plan_entries
from scenegen.scenario.problems import Problems
from scenegen.scenario.source import Path as At
from scenegen.scenario.source import Source, read_source

Config = TypeVar("Config", bound=VerbConfig)
Share = Annotated[float, Field(gt=0, le=1)]


MAX_SCENES = 5_000_000
"""Of a plan, as a run remembers a line of each."""


class GateSection(Section):
    """What a version has to hold to be published."""

    verify: StrictBool = True
    pairs: Share | None = None
    evaluate: dict[str, Any] | None = None
    drive: dict[str, Any] | None = None


class _Document(Section):
    nightly: Name
    seed: Annotated[StrictInt, Field(ge=0, lt=2**63)] = 0
    generate: Annotated[tuple[EntrySection, ...], Field(min_length=1, max_length=MAX_ENTRIES)]
    sensors: str | dict[str, Any] | None = None
    quality: str = "full"
    layers: Annotated[tuple[str, ...], Field(max_length=20)] = ()
    refine: dict[str, Any] | None = None
    exports: Annotated[dict[str, dict[str, Any] | None], Field(max_length=20)] = Field(
        default_factory=dict
    )
    gates: GateSection = GateSection()
    max_quarantined: Annotated[StrictInt, Field(ge=0)] = 0
    keep: Annotated[StrictInt, Field(ge=1, le=10_000)] = 7
    destination: str | None = None
    destination_options: dict[str, Any] = Field(default_factory=dict)


@dataclass(frozen=True)
class NightlyPlan:
    """A plan whose scenarios are loaded and whose keys are checked.

    Attributes
    ----------
    plan : Plan
        Scenarios and how many scenes of each.
    generate : GenerateConfig
        The run that makes the same rendered data set at one go.
    refine : RefineConfig or None
    exports : dict of str to ExportConfig
        By format. Folders of these configs are filled in when a version is made.
    evaluate : EvaluateConfig or None
    drive : DriveConfig or None
    verify : bool
    pairs : float or None
        Least share of the possible pairs of parameters' values that each scenario covers.
    max_quarantined : int
        Scenes that may be missing.
    keep : int
        Published versions that are kept.
    destination : str or None
        Where versions are published to, as a URL; beside the store alone if None.
    destination_options : dict
        For its file system, such as ``endpoint_url``.
    """

    name: str
    plan: Plan
    generate: GenerateConfig
    refine: RefineConfig | None
    exports: dict[str, ExportConfig]
    evaluate: EvaluateConfig | None
    drive: DriveConfig | None
    verify: bool
    pairs: float | None
    max_quarantined: int
    keep: int
    destination: str | None
    destination_options: dict[str, Any]


def load_nightly(name_or_path: str) -> NightlyPlan:
    """Read a plan by its path, or one of the library's by its name.

    Raises
    ------
    ScenarioError
        It is no plan, or something in it is wrong, at a known place.
    """
    if is_path(name_or_path):
        file = Path(name_or_path)
        return parse_nightly(read_text(file, "plan"), name_or_path, file.parent)
    known = library_files(what="nightly")
    if name_or_path not in known:
        told = f"no such plan in the library{nearest(name_or_path, known)}"
        raise ScenarioError(told, Place(name_or_path))
    file = known[name_or_path]
    return parse_nightly(read_text(file, "plan"), str(file), file.parent)


def parse_nightly(text: str, filename: str, folder: Path) -> NightlyPlan:
    """Read a plan from text; paths of scenarios in it are relative to `folder`."""
    source = read_source(text, filename, "plan")
    problems = Problems(source)
    try:
        document = _Document.model_validate(source.data)
    except ValidationError as error:
        problems.add_validation(error)
        problems.raise_if_any()
        raise
    total = sum(entry.num_scenes for entry in document.generate)
    if total > MAX_SCENES:
        told = f"{total:,} scenes; a plan has at most {MAX_SCENES:,}: split it into several"
        raise ScenarioError(told, source.place(("generate",)))
    generate = _at(source, (), GenerateConfig, _generate_keys(document, source), "generate")
    entries = plan_entries(source, document.generate, problems, folder)
    gates = document.gates
    return NightlyPlan(
        name=document.nightly,
        plan=sized(Plan(document.nightly, entries)),
        generate=generate,
        refine=_verb(source, ("refine",), RefineConfig, document.refine),
        exports=_exports(source, document.exports),
        evaluate=_verb(source, ("gates", "evaluate"), EvaluateConfig, gates.evaluate),
        drive=_verb(source, ("gates", "drive"), DriveConfig, gates.drive),
        verify=gates.verify,
        pairs=gates.pairs,
        max_quarantined=document.max_quarantined,
        keep=document.keep,
        destination=document.destination,
        destination_options=document.destination_options,
    )


def _generate_keys(document: _Document, source: Source) -> dict[str, Any]:
    return {
        "plan": document.nightly,
        "out": "-",
        "seed": document.seed,
        "quality": document.quality,
        "layers": ",".join(document.layers),
        "sensors": _sensors(document.sensors, source),
    }


def _sensors(given: str | dict[str, Any] | None, source: Source) -> dict[str, Any] | None:
    """Return sensors as they are written, or those of a group of ``conf/sensors``."""
    if isinstance(given, str):
        groups = {p.stem: p for p in (resource_folder("conf") / "sensors").glob("*.yaml")}
        if given not in groups:
            told = f"no sensors are called {given!r}{nearest(given, groups)}"
            raise ScenarioError(told, source.place(("sensors",)))
        file = groups[given]
        given = read_source(read_text(file, "sensors"), str(file), "sensors").data
    if given:
        try:
            parse_rig(given, "sensors")
        except InputError as error:
            raise ScenarioError(str(error), source.place(("sensors",))) from error
    return given or None


def _exports(source: Source, given: Mapping[str, dict[str, Any] | None]) -> dict[str, ExportConfig]:
    known = FORMATS.keys() | SCENE_FORMATS.keys()
    found = {}
    for name, keys in given.items():
        at = ("exports", name)
        if name not in known:
            told = f"no format is called {name!r}{nearest(name, known)}"
            raise ScenarioError(told, source.place(at))
        asked = {"format": name, **(keys or {})}
        config = _verb(source, at, ExportConfig, asked)
        assert config is not None
        found[name] = config
    return found


_OURS: dict[type[VerbConfig], tuple[str, ...]] = {
    RefineConfig: ("dataset", "out", "workers", "resume", "links", "limit"),
    EvaluateConfig: ("dataset", "out", "resume"),
    DriveConfig: ("out", "workers", "resume"),
    ExportConfig: ("dataset", "out", "scenario"),
}
"""Keys of verbs that a version fills in."""


def _verb(
    source: Source, at: At, kind: type[Config], keys: Mapping[str, Any] | None
) -> Config | None:
    if keys is None:
        return None
    ours = _OURS[kind]
    for key in keys:
        if key in ours:
            told = f"{key!r} is filled in for each version; leave it out"
            raise ScenarioError(told, source.place((*at, key)))
    filled: dict[str, Any] = {key: "-" for key in ("dataset", "out") if key in ours}
    return _at(source, at, kind, {**keys, **filled}, ".".join(map(str, at)))


def _at(source: Source, at: At, kind: type[Config], keys: Mapping[str, Any], what: str) -> Config:
    """Return a verb's config, or say at which place of the plan it is wrong."""
    try:
        return kind.parse(dict(keys))
    except InputError as error:
        raise ScenarioError(f"{what}: {error}", source.place(at)) from error
