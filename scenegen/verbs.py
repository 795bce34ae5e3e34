"""What each verb prints: plain functions from a typed config to an exit code.

A verb imports its stages when it runs, so that `scenegen schema` starts no simulator.
"""

from __future__ import annotations

import json
import sys

from rich.console import Console
from rich.table import Table

from scenegen.errors import InputError
from scenegen.pipeline.compare_config import CompareConfig
from scenegen.pipeline.config import (
    AssetsConfig,
    AuditConfig,
    CheckConfig,
    DatasetConfig,
    DoctorConfig,
    ExportConfig,
    GenerateConfig,
    ImportParametersConfig,
    ListConfig,
    PreviewConfig,
    ReplayConfig,
    ReportConfig,
    SchemaConfig,
    VerifyConfig,
    ViewConfig,
)
from scenegen.pipeline.drive_config import DriveConfig
from scenegen.pipeline.evaluate_config import EvaluateConfig
from scenegen.pipeline.nightly_config import NightlyConfig
from scenegen.pipeline.refine_config import RefineConfig, TrainRefinerConfig
from scenegen.pipeline.search_config import SearchConfig


def run_generate(config: GenerateConfig) -> int:
    """Make a data set; 1 if a scene failed."""
    from scenegen.pipeline.generate import generate  # noqa: PLC0415 - loads every stage

    result = generate(config)
    counts = result.info.counts
    frames = sum(scene.frames for scene in result.made)
    kept = counts.scenes - len(result.made)
    print(
        f"{result.path}: {counts.scenes} scenes, {counts.frames} frames"
        f" ({len(result.made)} scenes and {frames} frames made now, {kept} scenes kept)"
    )
    for entry in result.info.scenarios:
        if (search := entry.search) is not None:
            print(
                f"  {entry.name}: {search.keep_if!r} holds in {search.kept} of {search.simulated} "
                f"runs ({search.share:.2%}; nominally {search.nominal_share:.2%})"
            )
    for scene_id, message in result.failed.items():
        print(f"failed: {scene_id}: {message}", file=sys.stderr)
    return 1 if result.failed else 0


def run_preview(config: PreviewConfig) -> int:
    """Write a contact sheet."""
    from scenegen.pipeline.preview import preview  # noqa: PLC0415

    print(preview(config))
    return 0


def run_check(config: CheckConfig) -> int:
    """Report acceptance and coverage, what monitors say of a few runs, and what a map holds."""
    from scenegen.pipeline.check_runs import check_runs  # noqa: PLC0415
    from scenegen.pipeline.kept_draws import asked_draws  # noqa: PLC0415
    from scenegen.pipeline.kept_runs import KeptRuns, candidates, read_keep_if  # noqa: PLC0415
    from scenegen.roads.opendrive import describe  # noqa: PLC0415
    from scenegen.sample import check, setting, with_design  # noqa: PLC0415
    from scenegen.scenario import load_scenario  # noqa: PLC0415

    if config.draws_of is not None and not config.runs:
        raise InputError("draws_of is about runs: runs=4 simulates four of them")
    logical = with_design(load_scenario(config.scenario), config.design, config.num_scenes)
    keep_if = read_keep_if(config.keep_if, logical)
    if keep_if is not None and not config.runs:
        raise InputError("keep_if is about runs: runs=4 tells of four of them")
    numbers = candidates(0, config.runs, config.keep_if, config.budget)
    asked = asked_draws(logical, config.set, config.draws_of, config.seed, numbers)
    logical = setting(logical, config.set)
    if logical.map_file is not None:
        print(describe(logical.map_file))
    print(check(logical, config.samples, config.seed, config.num_scenes))
    if config.runs:
        print(check_runs(logical, KeptRuns(asked, keep_if, config.runs)))
    elif logical.monitors:
        print(f"monitors: {len(logical.monitors)} not judged; runs=12 simulates twelve scenes")
    return 0


def run_schema(config: SchemaConfig) -> int:
    """Print the JSON Schema."""
    from scenegen.assets import list_assets  # noqa: PLC0415
    from scenegen.records.taxonomy import CLASS_BY_NAME  # noqa: PLC0415
    from scenegen.scenario import json_schema  # noqa: PLC0415

    things = [info.id for info in list_assets() if CLASS_BY_NAME[info.category].things]
    print(json.dumps(json_schema(things), indent=2, ensure_ascii=False))
    return 0


def run_list(config: ListConfig) -> int:
    """List scenarios, mix-ins, assets or the lanes of a road, a line each."""
    from scenegen.pipeline.listing import listed  # noqa: PLC0415

    _console().print(listed(config))
    return 0


def run_verify(config: VerifyConfig) -> int:
    """Hold a data set against itself; 1 if anything contradicts."""
    from scenegen.pipeline.verify import verify  # noqa: PLC0415

    result = verify(config)
    for violation in result.violations[: config.max_listed]:
        print(violation, file=sys.stderr)
    hidden = len(result.violations) - config.max_listed
    if hidden > 0:
        total = len(result.violations)
        print(f"… and {hidden} more; max_listed={total} shows all", file=sys.stderr)
    state = "every check holds" if result.ok else f"{len(result.violations)} violations"
    print(f"{config.dataset}: {result.scenes} scenes, {result.frames} frames: {state}")
    for name, count in result.checked.items():
        print(f"  {name:<28}{count:>9} checked")
    return 0 if result.ok else 1


def run_digest(config: DatasetConfig) -> int:
    """Print the sha256 over all reproducible content."""
    from scenegen.dataset import digest, open_dataset  # noqa: PLC0415

    print(digest(open_dataset(config.dataset)))
    return 0


def run_replay(config: ReplayConfig) -> int:
    """Re-create a scene; 1 if a byte differs."""
    from scenegen.pipeline.replay import replay  # noqa: PLC0415

    result = replay(config)
    if not result.different:
        print(f"{result.scene_id}: identical, {result.compared} files")
        return 0
    for name in result.different[:10]:
        print(f"differs: {result.scene_id}/{name}", file=sys.stderr)
    for note in result.notes:
        print(f"note: {note}", file=sys.stderr)
    print(f"{result.scene_id}: {len(result.different)} of {result.compared} files differ")
    return 1


def run_drive(config: DriveConfig) -> int:
    """Drive an agent through scenarios; exit 1 if more episodes fail than are allowed."""
    from scenegen.pipeline.drive import drive  # noqa: PLC0415

    result = drive(config)
    print(result)
    return 1 if result.too_many else 0


def run_nightly(config: NightlyConfig) -> int:
    """Bring a data set to what its plan says; 1 if that isn't published."""
    from scenegen.pipeline.nightly.run import nightly  # noqa: PLC0415

    result = nightly(config)
    print(result)
    return 0 if result.ok else 1


def run_search(config: SearchConfig) -> int:
    """Look for an agent's failures and say how often they occur."""
    from scenegen.pipeline.searching.search import search  # noqa: PLC0415

    print(search(config))
    return 0


def run_export(config: ExportConfig) -> int:
    """Write scenes in another format."""
    from scenegen.pipeline.export import export  # noqa: PLC0415

    result = export(config)
    print(f"{result.path}: {result.scenes} scenes, {len(result.files)} files")
    return 0


def run_view(config: ViewConfig) -> int:
    """Open the viewer, or write a recording for it."""
    from scenegen.pipeline.view import view  # noqa: PLC0415

    path = view(config)
    if path is not None:
        print(path)
    return 0


def run_import_parameters(config: ImportParametersConfig) -> int:
    """Write a mix-in of the parameters of another format's file."""
    from scenegen.pipeline.import_parameters import import_parameters  # noqa: PLC0415

    result = import_parameters(config)
    print(f"{result.path}: {len(result.imported.parameters)} parameters")
    for note in result.imported.notes:
        print(note)
    return 0


def run_report(config: ReportConfig) -> int:
    """Write the HTML page."""
    from scenegen.pipeline.report import report  # noqa: PLC0415

    print(report(config))
    return 0


def run_audit(config: AuditConfig) -> int:
    """Write an audit and what it proposes; 1 if the set is too far from a target."""
    from scenegen.pipeline.audit import audit  # noqa: PLC0415

    result = audit(config)
    print(result.page)
    for gap in result.audit.gaps:
        chance = "" if gap.distance > gap.of_chance else "; no more than chance"
        print(
            f"  {gap.name}: {gap.distance:.1%} in other cells than the target's "
            f"({gap.low:.1%} to {gap.high:.1%}{chance})"
        )
    for pair in result.audit.associations:
        if pair.dependent:
            print(f"  {pair.a} depends on {pair.b}: Cramér's V {pair.cramers_v:.2f}")
    for path, remedy in result.proposals.items():
        print(f"{path}: {remedy.scenes} scenes, {remedy.before:.1%} to about {remedy.expected:.1%}")
    for note in result.notes:
        print(f"note: {note}")
    for gap in result.too_far:
        print(f"over max_gap: {gap.name}: at least {gap.low:.1%}", file=sys.stderr)
    return 1 if result.too_far else 0


def run_evaluate(config: EvaluateConfig) -> int:
    """Judge data sets against a real one; 1 if a rule of the gate does not hold."""
    from scenegen.evaluate.summary import summary_text  # noqa: PLC0415
    from scenegen.pipeline.evaluate import evaluate  # noqa: PLC0415 - loads torch

    result = evaluate(config)
    print(summary_text(result.evaluation))
    for path in (result.report, *result.proposals):
        print(path)
    return 0 if result.evaluation.passed else 1


def run_train_refiner(config: TrainRefinerConfig) -> int:
    """Train a refiner."""
    from scenegen.pipeline.train_refiner import train_refiner  # noqa: PLC0415 - loads torch

    made = train_refiner(config)
    print(f"{made.weights}: after {made.step} steps")
    return 0


def run_compare_refiners(config: CompareConfig) -> int:
    """Train and compare refiners."""
    from scenegen.pipeline.compare_refiners import compare_refiners  # noqa: PLC0415 - loads torch
    from scenegen.refine.comparison.table import markdown  # noqa: PLC0415

    made = compare_refiners(config)
    print(markdown(made.record))
    print(made.path)
    return 0


def run_refine(config: RefineConfig) -> int:
    """Refine a data set; 1 if a scene failed."""
    from scenegen.pipeline.refine import refine  # noqa: PLC0415 - loads torch

    result = refine(config)
    counts = result.info.counts
    print(
        f"{result.path}: {counts.scenes} scenes, {counts.frames} frames"
        f" ({len(result.made)} scenes refined now)"
    )
    for name, flicker in result.flicker.items():
        print(
            f"  {name}: {flicker.refined:.2f} levels change beside the motion, "
            f"{flicker.rendered:.2f} in the renders ({flicker.pairs} pairs of frames)"
        )
    if result.rejection is not None:
        rungs = ", ".join(f"{count} {rung}" for rung, count in result.rejection.rungs.items())
        print(f"  label gate: {rungs}")
        for row in result.rejection.classes:
            print(
                f"    {row.name}: lost in {row.frames_lost} of {row.frames} frames, "
                f"{row.objects_lost} of {row.objects} objects"
            )
    for scene_id, message in result.failed.items():
        print(f"failed: {scene_id}: {message}", file=sys.stderr)
    return 1 if result.failed else 0


def run_assets(config: AssetsConfig) -> int:
    """List assets or the terms they stand under, or import a pack of them."""
    from scenegen.assets import list_assets  # noqa: PLC0415

    if config.action == "import":
        return _import_pack(config)
    infos = list_assets(config.assets_dir)
    if config.action == "licences":
        for terms in sorted({(a.licence, a.creator, a.source) for a in infos}):
            count = sum((a.licence, a.creator, a.source) == terms for a in infos)
            print(f"{terms[0]}  {terms[1]}  {terms[2]}  ({count} assets)")
        return 0
    table = Table(box=None, pad_edge=False)
    for heading in ("asset", "category", "licence", "description"):
        table.add_column(heading, overflow="fold")
    for info in infos:
        table.add_row(info.id, info.category, info.licence, info.description)
    _console().print(table)
    return 0


def _import_pack(config: AssetsConfig) -> int:
    from scenegen.assets.packs.importer import ATTRIBUTION, import_pack  # noqa: PLC0415
    from scenegen.assets.packs.rows import pack_names  # noqa: PLC0415
    from scenegen.assets.packs.store import assets_folder  # noqa: PLC0415

    if config.pack is None:
        raise InputError(f"import needs a pack: {', '.join(pack_names())}")
    result = import_pack(
        config.pack,
        assets_folder(config.assets_dir),
        config.given,
        detail=config.detail,
        copyleft=config.copyleft,
        force=config.force,
    )
    count = len(result.manifest.assets) + len(result.manifest.skies)
    state = "imported" if result.made else "there already; force=true imports it again"
    print(f"{result.folder}: {count} assets {state}")
    print(f"who made them, and under which terms: {result.folder / ATTRIBUTION}")
    return 0


def run_doctor(config: DoctorConfig) -> int:
    """Say what this machine can do; 1 if something is missing."""
    from scenegen.pipeline.doctor import doctor  # noqa: PLC0415

    rows = doctor()
    for name, well, found in rows:
        print(f"{'ok  ' if well else 'BAD '} {name:<24}{found}")
    return 0 if all(well for _, well, _ in rows) else 1


def _console() -> Console:
    """Return a console that does not cut lines when piped."""
    return Console() if sys.stdout.isatty() else Console(width=160)
