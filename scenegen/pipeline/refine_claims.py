"""What manifests of refined frames claim: how each was made, and of which render."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from scenegen.dataset import FrameReader
from scenegen.dataset.layout import read_model
from scenegen.dataset.provenance import REFINED, Claim
from scenegen.dataset.signing import ClaimOf, frame_name, rendered_claim
from scenegen.refine.records import REFINE, RefinedScene

if TYPE_CHECKING:
    from scenegen.dataset import Dataset, FileEntry


def refined_claims(source: Dataset) -> ClaimOf:
    """Return the claims of frames that were refined.

    A frame of strength 0, which the gate turned down altogether, is claimed to be the render
    that it is.

    Parameters
    ----------
    source : Dataset
        The rendered data set that they come from.
    """

    @lru_cache(maxsize=1)  # frames come scene by scene
    def known(path: Path) -> tuple[RefinedScene, str, dict[str, FileEntry]]:
        record = path / REFINE
        made = read_model(record, RefinedScene)
        digest = hashlib.sha256(record.read_bytes()).hexdigest()
        return made, digest, source.scene(path.name).manifest.files

    def claim(frame: FrameReader) -> Claim:
        made, digest, files = known(frame.scene_path)
        (own,) = (f for f in made.frames if (f.sensor, f.frame) == (frame.sensor, frame.index))
        if own.strength == 0:
            return rendered_claim(frame)
        facts = {
            "weights_sha256": made.weights,
            "translator_sha256": made.translator,
            "seed": str(own.seed),
            "strength": repr(own.strength),
            "guidance": repr(own.guidance),
            "record_sha256": digest,  # of refine.json, which has style and the gate's scores
        }
        raw = files[f"{frame.sensor}/rgb/{frame.index:06d}.png"].sha256
        return Claim(f"{frame_name(frame)}.png", REFINED, facts, raw)

    return claim
