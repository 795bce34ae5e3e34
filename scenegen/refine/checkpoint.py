"""Where a training stands, on disk: whole or not at all, and nothing but numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from torch import Tensor

from scenegen.errors import InputError
from scenegen.refine.tensor_file import read_tensors, write_tensors

FORMAT = "scenegen checkpoint 1"


def write_checkpoint(path: Path, state: Mapping[str, Tensor], inputs: Mapping[str, str]) -> None:
    """Write a training's state, and what it comes from.

    Parameters
    ----------
    inputs : mapping of str
        Digests and settings: whoever goes on must have the same.
    """
    header = {"format": FORMAT, "inputs": json.dumps(dict(inputs), sort_keys=True)}
    write_tensors(path, header, state)


def read_checkpoint(path: Path, inputs: Mapping[str, str]) -> dict[str, Tensor]:
    """Read a state that comes from the same inputs.

    Raises
    ------
    InputError
        The file is damaged, or comes from others; the message says which.
    """
    header, state = read_tensors(path, FORMAT, "a checkpoint", "remove it to start anew")
    there = json.loads(header["inputs"])
    for key in sorted({*there, *inputs}):
        if there.get(key) != inputs.get(key):
            raise InputError(
                f"{path}: made with another {key} ({there.get(key)}, not {inputs.get(key)}): "
                "give what it was made with, or another out="
            )
    return state
