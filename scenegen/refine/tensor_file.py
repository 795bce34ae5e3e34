"""Numbers on disk: safetensors with a format and plain text in the header, never a pickle."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from scenegen.dataset.storage import storage_errors, write_atomic
from scenegen.errors import InputError

ANEW = "train it anew, or install the version that wrote it"
"""What to do about a model of another version."""


def write_tensors(
    path: Path,
    header: Mapping[str, str],
    tensors: Mapping[str, Tensor],
    dtype: torch.dtype | None = None,
) -> None:
    """Write tensors by name, all of them or no file.

    Parameters
    ----------
    header : mapping of str
        Its ``format`` is what `read_tensors` asks for.
    dtype : torch.dtype, optional
        Of all tensors that hold fractions; without, each keeps its own.

    Raises
    ------
    StorageError
        No room, or no right to write.
    """
    plain = {
        name: t.detach().to(dtype=dtype if t.is_floating_point() else None).cpu().contiguous()
        for name, t in tensors.items()
    }
    with storage_errors(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, save(plain, dict(header)))


def read_tensors(
    path: Path, wanted: str, what: str, remedy: str
) -> tuple[dict[str, str], dict[str, Tensor]]:
    """Return header and tensors of a file.

    Parameters
    ----------
    wanted : str
        The format.
    what, remedy : str
        What the file should be, and what to do about one that isn't, for messages.

    Raises
    ------
    InputError
        There is no such file, or its format is another one.
    """
    try:
        with safe_open(path, framework="pt") as file:
            header = dict(file.metadata() or {})
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise InputError(f"{path}: can't be read as {what} ({error}): {remedy}") from None
    if header.get("format") != wanted:
        found = header.get("format", "none")
        raise InputError(
            f"{path}: its format is {found!r}, this version reads {wanted!r}: {remedy}"
        )
    return header, tensors
