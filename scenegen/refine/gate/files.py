"""Gates on disk: safetensors with what the segmenter is in the header, never a pickle."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from scenegen.dataset.storage import storage_errors, write_atomic
from scenegen.errors import InputError
from scenegen.records.base import Record
from scenegen.refine.gate.bars import Bar

FORMAT = "scenegen gate 1"


class GateSpec(Record):
    """What a gate is besides its weights.

    Attributes
    ----------
    names : tuple of str
        Classes by judged id.
    things : tuple of int
        Ids of classes that are objects.
    width : int
        Of what the segmenter sees, px.
    bars : tuple of Bar
        By judged id.
    notes : mapping of str
        What it was made of.
    """

    names: tuple[str, ...]
    things: tuple[int, ...]
    width: int
    bars: tuple[Bar, ...]
    notes: dict[str, str]


def write_gate(path: Path, spec: GateSpec, tensors: Mapping[str, Tensor]) -> None:
    """Write a gate, whole or not at all."""
    plain = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    with storage_errors(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, save(plain, {"format": FORMAT, "spec": spec.model_dump_json()}))


def read_gate(path: Path) -> tuple[GateSpec, dict[str, Tensor], str]:
    """Return a gate's description, its weights and the sha256 of its file.

    Raises
    ------
    InputError
        There is no such file, or it is no gate of this version.
    """
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        with safe_open(path, framework="pt") as file:
            header = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise InputError(f"{path}: can't be read as a label gate: {error}") from None
    if header.get("format") != FORMAT:
        found = header.get("format", "none")
        raise InputError(
            f"{path}: its format is {found!r}, this version reads {FORMAT!r}: train it anew, or "
            "install the version that wrote it"
        )
    try:
        return GateSpec.model_validate_json(header["spec"]), tensors, digest
    except (KeyError, ValidationError) as error:
        raise InputError(f"{path}: its description can't be read: {str(error)[:200]}") from None
