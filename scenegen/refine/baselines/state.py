"""Trained baselines on disk: settings and numbers in safetensors, never a pickle."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from torch import Tensor

from scenegen.refine.protocol import Recipe, Translator
from scenegen.refine.tensor_file import read_tensors, write_tensors

FORMAT = "scenegen baseline 1"


@dataclass(frozen=True)
class State:
    """All that a trained baseline is.

    Attributes
    ----------
    name : str
        Of its recipe.
    settings : mapping of str
        Plain JSON values.
    tensors : mapping of str to Tensor
        Weights and statistics, by name.
    """

    name: str
    settings: Mapping[str, Any]
    tensors: Mapping[str, Tensor]

    @cached_property
    def digest(self) -> str:
        """sha256 over settings and numbers."""
        found = hashlib.sha256(json.dumps([self.name, self.settings], sort_keys=True).encode())
        for key in sorted(self.tensors):
            array = self.tensors[key].detach().cpu().contiguous().numpy()
            found.update(f"{key} {array.dtype} {array.shape}".encode())
            found.update(array.tobytes())
        return found.hexdigest()


class Baseline(Translator, Protocol):
    """A translator that can be kept."""

    @property
    def state(self) -> State: ...


class BaselineRecipe(Recipe, Protocol):
    """A recipe whose translators can be kept and brought back."""

    def restored(self, state: State, device: str) -> Baseline:
        """Return the translator that a state is of."""


def write_state(path: Path, state: State) -> None:
    """Write a baseline, whole or not at all."""
    about = {"name": state.name, "settings": state.settings}
    header = {"format": FORMAT, "about": json.dumps(about, sort_keys=True)}
    write_tensors(path, header, state.tensors)


def read_state(path: Path) -> State:
    """Read a baseline.

    Raises
    ------
    InputError
        There is no such file, or it holds no baseline of this version.
    """
    header, tensors = read_tensors(path, FORMAT, "a baseline", "remove it")
    about = json.loads(header["about"])
    return State(about["name"], about["settings"], tensors)
