"""Manifests of a whole data set: ``c2pa/SCENE/SENSOR/000000.c2pa`` beside its scenes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from scenegen.dataset.layout import read_content
from scenegen.dataset.opened import Dataset, open_dataset
from scenegen.dataset.output import write_info
from scenegen.dataset.provenance import REFINED, RENDERED, Claim, ManifestChecker, ManifestSigner
from scenegen.dataset.reader import FrameReader, SceneReader
from scenegen.dataset.schema import DatasetInfo, Signing, Synthetic
from scenegen.dataset.signing_keys import SigningKeys
from scenegen.dataset.storage import storage_errors, write_atomic

MANIFESTS = "c2pa"
RENDERED_FRAMES = Synthetic(
    statement="Synthetic: every frame was rendered by scenegen from a simulated scene. "
    "None is a photograph, and nobody in them exists.",
    digital_source_type=RENDERED,
)
REFINED_FRAMES = Synthetic(
    statement="Synthetic: every frame was rendered by scenegen from a simulated scene and made "
    "to look real by a model trained on photographs. None is a photograph, and nobody in them "
    "exists.",
    digital_source_type=REFINED,
)
ClaimOf = Callable[[FrameReader], Claim]


def frame_name(frame: FrameReader) -> str:
    """Return a frame's name in its data set, as ``night_jaywalk-000002/front/000017``."""
    return f"{frame.scene_path.name}/{frame.sensor}/{frame.index:06d}"


def manifest_path(frame: FrameReader) -> Path:
    """Return where a frame's manifest lies."""
    return frame.scene_path.parents[1] / MANIFESTS / f"{frame_name(frame)}.c2pa"


def rendered_claim(frame: FrameReader) -> Claim:
    """Return what is claimed of a frame as it was rendered."""
    return Claim(f"{frame_name(frame)}.png")


def sign_dataset(path: Path, keys: SigningKeys, claim_of: ClaimOf = rendered_claim) -> DatasetInfo:
    """Sign every colour picture that has no manifest of these keys, and say so in dataset.json.

    Parameters
    ----------
    path : Path
        A finished data set; whoever writes it holds it locked.
    claim_of : callable
        Gives the claim of a frame.

    Returns
    -------
    DatasetInfo
        As it is now in ``dataset.json``.

    Raises
    ------
    DatasetError
        A picture is missing.
    StorageError
        There is no room. What was signed stays.
    """
    dataset = open_dataset(path)
    signer, checker = ManifestSigner(keys), ManifestChecker(keys.anchor)
    for scene in dataset:
        for frame in _pictures(scene):
            _sign(frame, signer, checker, claim_of)
    signing = Signing(algorithm=keys.algorithm, certificate=keys.anchor)
    info = dataset.info.model_copy(update={"signing": signing})
    with storage_errors(path):
        write_info(path, info)
    return info


def _sign(
    frame: FrameReader, signer: ManifestSigner, checker: ManifestChecker, claim_of: ClaimOf
) -> None:
    png, path = read_content(frame.path("rgb"), bytes), manifest_path(frame)
    if path.is_file() and checker.problem(png, path.read_bytes()) is None:
        return
    with storage_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, signer.sign_png(png, claim_of(frame)))


def check_statement(dataset: Dataset) -> list[str]:
    """Return a line for what ``dataset.json`` should say about its frames' origin and doesn't."""
    info, problems = dataset.info, []
    if info.synthetic is None or not info.synthetic.statement:
        problems.append("dataset.json: doesn't say that the frames are synthetic (synthetic: null)")
    signed = dataset.path / MANIFESTS
    if info.signing is None:
        if signed.exists():
            problems.append(
                f"{MANIFESTS}: manifests that dataset.json doesn't speak of (signing: null); "
                "sign again with c2pa.sign=true, or remove the folder"
            )
        return problems
    for path in sorted(signed.iterdir()) if signed.is_dir() else ():
        if path.name not in dataset.scene_ids:
            problems.append(f"{MANIFESTS}/{path.name}: belongs to no scene")
    return problems


def check_manifests(scene: SceneReader, signing: Signing) -> list[str]:
    """Return a line for each picture of a scene whose manifest is missing or doesn't hold."""
    checker = ManifestChecker(signing.certificate)
    root, frames = scene.path.parents[1], _pictures(scene)
    problems = []
    for frame in frames:
        picture, path = frame.path("rgb"), manifest_path(frame)
        if not picture.is_file():
            continue  # the hashes' check names it
        name = picture.relative_to(root)
        if not path.is_file() or path.is_symlink():
            problems.append(f"{name}: has no manifest ({path.relative_to(root)} is missing)")
            continue
        problem = checker.problem(picture.read_bytes(), path.read_bytes())
        if problem is not None:
            problems.append(f"{name}: {problem}")
    wanted = {manifest_path(frame) for frame in frames}
    for path in sorted((root / MANIFESTS / scene.id).rglob("*")):
        if path.is_symlink() or (path.is_file() and path not in wanted):
            problems.append(f"{path.relative_to(root)}: is the manifest of no frame")
    return problems


def _pictures(scene: SceneReader) -> list[FrameReader]:
    return [frame for frame in scene.frames() if "rgb" in frame.entry.layers]
