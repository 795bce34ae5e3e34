"""The verbs as functions: the same names and keys as on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from scenegen.dataset import digest as _digest
from scenegen.dataset import open_dataset
from scenegen.pipeline.audit import audit as _audit
from scenegen.pipeline.compare_config import CompareConfig
from scenegen.pipeline.config import (
    AuditConfig,
    CheckConfig,
    ExportConfig,
    GenerateConfig,
    ImportParametersConfig,
    PreviewConfig,
    ReplayConfig,
    ReportConfig,
    VerifyConfig,
    ViewConfig,
)
from scenegen.pipeline.drive import drive as _drive
from scenegen.pipeline.drive_config import DriveConfig
from scenegen.pipeline.evaluate_config import EvaluateConfig
from scenegen.pipeline.export import export as _export
from scenegen.pipeline.generate import generate as _generate
from scenegen.pipeline.import_parameters import import_parameters as _import_parameters
from scenegen.pipeline.nightly.run import nightly as _nightly
from scenegen.pipeline.nightly_config import NightlyConfig
from scenegen.pipeline.preview import preview as _preview
from scenegen.pipeline.refine_config import RefineConfig
from scenegen.pipeline.replay import replay as _replay
from scenegen.pipeline.report import report as _report
from scenegen.pipeline.search_config import SearchConfig
from scenegen.pipeline.searching.search import search as _search
from scenegen.pipeline.verify import verify as _verify
from scenegen.pipeline.view import view as _view
from scenegen.sample import check as _check
from scenegen.sample import setting, with_design
from scenegen.scenario import load_scenario

if TYPE_CHECKING:
    from scenegen.pipeline.audit import AuditResult
    from scenegen.pipeline.compare_refiners import CompareResult
    from scenegen.pipeline.drive import DriveResult
    from scenegen.pipeline.evaluate import EvaluateResult
    from scenegen.pipeline.export import ExportResult
    from scenegen.pipeline.generate import GenerateResult
    from scenegen.pipeline.import_parameters import ImportResult
    from scenegen.pipeline.nightly.result import NightlyResult
    from scenegen.pipeline.refine import RefineResult
    from scenegen.pipeline.replay import ReplayResult
    from scenegen.pipeline.searching.search import SearchResult
    from scenegen.pipeline.verify import VerifyResult
    from scenegen.sample import CheckResult


def generate(**keys: Any) -> GenerateResult:
    """Make a data set; see `pipeline.config.GenerateConfig` for the keys.

    With ``workers`` above 1 call it under ``if __name__ == "__main__":``, as every
    program must that starts processes.
    """
    return _generate(GenerateConfig.parse(keys))


def preview(**keys: Any) -> Path:
    """Write a contact sheet and return its path; keys as `PreviewConfig`."""
    return _preview(PreviewConfig.parse(keys))


def check(**keys: Any) -> CheckResult:
    """Draw candidates and report acceptance and coverage; keys as `CheckConfig`."""
    config = CheckConfig.parse(keys)
    logical = with_design(load_scenario(config.scenario), config.design, config.num_scenes)
    return _check(setting(logical, config.set), config.samples, config.seed, config.num_scenes)


def verify(**keys: Any) -> VerifyResult:
    """Hold a data set against itself; keys as `VerifyConfig`."""
    return _verify(VerifyConfig.parse(keys))


def replay(**keys: Any) -> ReplayResult:
    """Re-create one scene and compare its bytes; keys as `ReplayConfig`."""
    return _replay(ReplayConfig.parse(keys))


def digest(dataset: str) -> str:
    """Return one sha256 over all content of a data set that must be reproducible."""
    return _digest(open_dataset(dataset))


def drive(**keys: Any) -> DriveResult:
    """Drive an agent through scenarios; keys as `DriveConfig`. Mind processes as in `generate`."""
    return _drive(DriveConfig.parse(keys))


def nightly(**keys: Any) -> NightlyResult:
    """Bring a data set to what its plan says; keys as `NightlyConfig`. Mind processes."""
    return _nightly(NightlyConfig.parse(keys))


def search(**keys: Any) -> SearchResult:
    """Look for an agent's failures; keys as `SearchConfig`. Mind processes as in `generate`."""
    return _search(SearchConfig.parse(keys))


def export(**keys: Any) -> ExportResult:
    """Write scenes in another format; keys as `ExportConfig`."""
    return _export(ExportConfig.parse(keys))


def view(**keys: Any) -> Path | None:
    """Open the Rerun viewer on a scene, or write a recording with ``out``; keys as `ViewConfig`.

    Returns the path of the recording, None after the viewer was closed.
    """
    return _view(ViewConfig.parse(keys))


def import_parameters(**keys: Any) -> ImportResult:
    """Write a mix-in of another format's parameters; keys as `ImportParametersConfig`."""
    return _import_parameters(ImportParametersConfig.parse(keys))


def audit(**keys: Any) -> AuditResult:
    """Audit data sets and return what was found; keys as `AuditConfig`."""
    return _audit(AuditConfig.parse(keys))


def report(**keys: Any) -> Path:
    """Write the HTML page and return its path; keys as `ReportConfig`."""
    return _report(ReportConfig.parse(keys))


def evaluate(**keys: Any) -> EvaluateResult:
    """Judge data sets against a real one; keys as `EvaluateConfig`, groups as mappings."""
    from scenegen.pipeline.evaluate import evaluate as run  # noqa: PLC0415 - loads torch

    return run(EvaluateConfig.parse(keys))


def compare_refiners(**keys: Any) -> CompareResult:
    """Train and compare ways from renders to photographs; keys as `CompareConfig`."""
    from scenegen.pipeline.compare_refiners import compare_refiners as run  # noqa: PLC0415

    return run(CompareConfig.parse(keys))


def refine(**keys: Any) -> RefineResult:
    """Make a data set's frames look real; keys as `RefineConfig`, groups as mappings."""
    from scenegen.pipeline.refine import refine as run  # noqa: PLC0415 - loads torch

    return run(RefineConfig.parse(keys))
