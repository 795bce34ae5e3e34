"""Work that need not be done twice: results on disk under the digest of what they come from."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from scenegen.dataset.storage import storage_errors, write_atomic

Arrays = dict[str, npt.NDArray[Any]]


class Memo:
    """A folder of results; a run that was killed finds what it had finished.

    Parameters
    ----------
    folder : Path
        Made when the first result is kept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def arrays(self, name: str, inputs: Mapping[str, Any], compute: Callable[[], Arrays]) -> Arrays:
        """Return arrays made earlier from equal inputs, or make and keep them.

        Parameters
        ----------
        name : str
            For people who look into the folder.
        inputs : mapping
            Plain values that decide the result: digests, settings, seeds.
        """
        path = self._path(name, inputs, "npz")
        if path.is_file():
            with np.load(path, allow_pickle=False) as stored:
                return {key: stored[key] for key in stored.files}
        made = compute()
        buffer = io.BytesIO()
        np.savez(buffer, **made)  # type: ignore[arg-type]
        self._keep(path, buffer.getvalue())
        return made

    def values(self, name: str, inputs: Mapping[str, Any], compute: Callable[[], Any]) -> Any:
        """Return plain JSON values made earlier from equal inputs, or make and keep them."""
        path = self._path(name, inputs, "json")
        if path.is_file():
            return json.loads(path.read_text(encoding="utf-8"))
        made = compute()
        self._keep(path, (json.dumps(made, indent=1) + "\n").encode())
        return made

    def _path(self, name: str, inputs: Mapping[str, Any], suffix: str) -> Path:
        text = json.dumps({"name": name, **inputs}, sort_keys=True, separators=(",", ":"))
        key = hashlib.sha256(text.encode()).hexdigest()[:20]
        return self.folder / f"{name}-{key}.{suffix}"

    def _keep(self, path: Path, data: bytes) -> None:
        with storage_errors(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            write_atomic(path, data)
