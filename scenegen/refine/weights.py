"""Weights on disk: safetensors with what the network is in the header, never a pickle."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from pydantic import ValidationError
from torch import Tensor

from scenegen.errors import InputError
from scenegen.evaluate.images import file_sha256
from scenegen.refine.bundled import model_file
from scenegen.refine.denoiser import Denoiser
from scenegen.refine.spec import RefinerSpec
from scenegen.refine.tensor_file import ANEW, read_tensors, write_tensors

FORMAT = "scenegen refiner 2"
DOMAINS = "domains"
"""The note that names what was learned from."""
STYLES_SEEN = "styles"
"""The note that has the words of style, by key, that photographs were told with."""


@dataclass(frozen=True)
class Stored:
    """A refiner's file.

    Attributes
    ----------
    spec : RefinerSpec
    tensors : dict
        By the network's own names.
    notes : dict of str
        What its maker says of it: data, recipe, version.
    digest : str
        sha256 of the file.
    """

    spec: RefinerSpec
    tensors: dict[str, Tensor]
    notes: dict[str, str]
    digest: str

    @property
    def domains(self) -> tuple[str, ...]:
        """What the network has learned from: real pictures, and perhaps rendered ones."""
        return tuple(self.notes.get(DOMAINS, "real").split())

    def told(self, style: Mapping[str, Any]) -> dict[str, Any]:
        """Return the words of a style that photographs were told with.

        A word that only renders had says "rendered" to the network, whatever the domain.
        """
        if STYLES_SEEN not in self.notes:
            return dict(style)
        seen = json.loads(self.notes[STYLES_SEEN])
        return {key: word for key, word in style.items() if word in seen.get(key, ())}

    def denoiser(self, device: str = "cpu") -> Denoiser:
        """Return the network, to be used and not trained."""
        model = Denoiser(self.spec)
        model.load_state_dict(self.tensors)
        ready: Denoiser = model.float().to(device).eval()
        return ready


def write_weights(
    path: Path,
    spec: RefinerSpec,
    tensors: Mapping[str, Tensor],
    notes: Mapping[str, str],
    dtype: torch.dtype = torch.float32,
) -> None:
    """Write a refiner, whole or not at all.

    Parameters
    ----------
    dtype : torch.dtype
        Half precision halves the file; what is used stays float32.
    """
    header = {"format": FORMAT, "spec": spec.model_dump_json(), "notes": json.dumps(dict(notes))}
    write_tensors(path, header, tensors, dtype)


def read_weights(path: Path) -> Stored:
    """Read a refiner.

    Parameters
    ----------
    path : Path
        Or the name of one that comes with scenegen.

    Raises
    ------
    InputError
        There is no such file, or it is no refiner of this version.
    """
    path = model_file(path)
    header, tensors = read_tensors(path, FORMAT, "a refiner's weights", ANEW)
    tensors = {name: tensor.float() for name, tensor in tensors.items()}
    try:
        spec = RefinerSpec.model_validate_json(header["spec"])
        stored = Stored(spec, tensors, json.loads(header["notes"]), file_sha256(path).hex())
        stored.denoiser()
    except (KeyError, ValueError, RuntimeError, ValidationError) as error:
        raise InputError(f"{path}: weights and description don't fit: {str(error)[:200]}") from None
    return stored
