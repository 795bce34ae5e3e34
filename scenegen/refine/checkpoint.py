"""Where a training stands, on disk: whole or not at all, and nothing but numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from scenegen.dataset.storage import storage_errors, write_atomic
from scenegen.errors import InputError


def write_checkpoint(path: Path, state: Mapping[str, Tensor], inputs: Mapping[str, str]) -> None:
    """Write a training's state, and what it comes from.

    Parameters
    ----------
    inputs : mapping of str
        Digests and settings: whoever goes on must have the same.
    """
    plain = {name: tensor.detach().cpu().contiguous() for name, tensor in state.items()}
    with storage_errors(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, save(plain, {"inputs": json.dumps(dict(inputs), sort_keys=True)}))


def read_checkpoint(path: Path, inputs: Mapping[str, str]) -> dict[str, Tensor]:
    """Read a state that comes from the same inputs.

    Raises
    ------
    InputError
        The file is damaged, or comes from others; the message says which.
    """
    try:
        with safe_open(path, framework="pt") as file:
            there = json.loads((file.metadata() or {}).get("inputs", "{}"))
            state = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise InputError(f"{path}: no checkpoint: {error}; remove it to start anew") from None
    for key in sorted({*there, *inputs}):
        if there.get(key) != inputs.get(key):
            raise InputError(
                f"{path}: made with another {key} ({there.get(key)}, not {inputs.get(key)}): "
                "give what it was made with, or another out="
            )
    return state
