"""Weights on disk: safetensors with what the network is in the header, never a pickle."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from pydantic import ValidationError
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from scenegen.dataset.storage import storage_errors, write_atomic
from scenegen.errors import InputError
from scenegen.refine.denoiser import Denoiser
from scenegen.refine.spec import RefinerSpec

FORMAT = "scenegen refiner 1"


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
    plain = {name: t.detach().to(dtype).cpu().contiguous() for name, t in tensors.items()}
    with storage_errors(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, save(plain, header))


def read_weights(path: Path) -> Stored:
    """Read a refiner.

    Raises
    ------
    InputError
        There is no such file, or it is no refiner of this version.
    """
    try:
        data = path.read_bytes()
        with safe_open(path, framework="pt") as file:
            header = file.metadata() or {}
            tensors = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise InputError(f"{path}: can't be read as a refiner's weights: {error}") from None
    if header.get("format") != FORMAT:
        found = header.get("format", "none")
        raise InputError(
            f"{path}: its format is {found!r}, this version reads {FORMAT!r}: train it anew, or "
            "install the version that wrote it"
        )
    try:
        spec = RefinerSpec.model_validate_json(header["spec"])
        stored = Stored(spec, tensors, json.loads(header["notes"]), _sha256(data))
        stored.denoiser()
    except (KeyError, ValueError, RuntimeError, ValidationError) as error:
        raise InputError(f"{path}: weights and description don't fit: {str(error)[:200]}") from None
    return stored


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
