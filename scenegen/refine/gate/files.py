"""Gates on disk: safetensors with what the segmenter is in the header, never a pickle."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from pydantic import ValidationError
from torch import Tensor

from scenegen.errors import InputError
from scenegen.evaluate.images import file_sha256
from scenegen.records.base import Record
from scenegen.refine.bundled import model_file
from scenegen.refine.gate.bars import Bar
from scenegen.refine.tensor_file import ANEW, read_tensors, write_tensors

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


def write_gate(
    path: Path, spec: GateSpec, tensors: Mapping[str, Tensor], dtype: torch.dtype | None = None
) -> None:
    """Write a gate, whole or not at all; see `write_tensors`."""
    write_tensors(path, {"format": FORMAT, "spec": spec.model_dump_json()}, tensors, dtype)


def read_gate(path: Path) -> tuple[GateSpec, dict[str, Tensor], str]:
    """Return a gate's description, its weights and the sha256 of its file.

    Parameters
    ----------
    path : Path
        Or the name of one that comes with scenegen.

    Raises
    ------
    InputError
        There is no such file, or it is no gate of this version.
    """
    path = model_file(path)
    header, tensors = read_tensors(path, FORMAT, "a label gate", ANEW)
    try:
        return GateSpec.model_validate_json(header["spec"]), tensors, file_sha256(path).hex()
    except (KeyError, ValidationError) as error:
        raise InputError(f"{path}: its description can't be read: {str(error)[:200]}") from None
