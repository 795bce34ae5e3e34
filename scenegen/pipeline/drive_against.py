"""Reads another run of `drive`, to compare with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from scenegen.dataset.layout import read_content
from scenegen.drive import EpisodeRecord
from scenegen.errors import InputError

SUMMARY = "drive.json"


def read_run(folder: Path, seed: int, digests: Mapping[str, str]) -> tuple[EpisodeRecord, ...]:
    """Return the episodes of another run.

    Raises
    ------
    DatasetError
        There is none, or it is damaged.
    InputError
        Its scenes are others: of another seed, or of scenarios that have changed since.
    """
    path = folder / SUMMARY
    content: dict[str, Any] = read_content(path, json.loads)
    try:
        records = tuple(EpisodeRecord.model_validate(row) for row in content["episodes"])
        theirs, other_seed = dict(content["digests"]), content["seed"]
    except (KeyError, TypeError, ValueError, ValidationError) as error:
        raise InputError(f"{path}: no summary of drive ({type(error).__name__})") from error
    if other_seed != seed:
        raise InputError(f"{path}: of seed={other_seed}; scenes are the same for the same seed")
    common = set(theirs) & set(digests)
    changed = sorted(name for name in common if theirs[name] != digests[name])
    if changed or not common:
        which = f"{changed[0]} has changed since" if changed else "it has none of the scenarios"
        raise InputError(f"{path}: other scenes: {which}")
    return records
