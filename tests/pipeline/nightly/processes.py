"""Finds the processes that tests kill."""

from __future__ import annotations

import psutil


def workers_of(process: psutil.Process) -> list[psutil.Process]:
    """Return the processes below one that make scenes."""
    return [child for child in process.children(recursive=True) if _makes_scenes(child)]


def _makes_scenes(process: psutil.Process) -> bool:
    try:
        return "spawn_main" in " ".join(process.cmdline())
    except psutil.NoSuchProcess:  # gone just now, or a zombie
        return False
