"""The only place that makes random generators: one for each scene and purpose.

A generator depends on what it is for and never on which process asks, so worker
count, order, batching and a crash change no byte.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np


def named_generator(*words: str | int) -> np.random.Generator:
    """Return the Philox generator that belongs to a list of words.

    Parameters
    ----------
    *words : str or int
        The name of the stream. Equal names give equal streams, on any machine.
    """
    text = "\x1f".join(f"{type(word).__name__}:{word}" for word in words)
    entropy = int.from_bytes(hashlib.sha256(text.encode()).digest(), "little")
    return np.random.Generator(np.random.Philox(np.random.SeedSequence(entropy)))


@dataclass(frozen=True)
class SceneKey:
    """What a scene is made from: the scenario's digest, the root seed and the index.

    Attributes
    ----------
    digest : str
        sha256 of the logical scenario's canonical JSON, 64 hex digits.
    seed : int
        Root seed of the run; 0 is a seed like any other.
    index : int
        Number of the scene within its scenario, from 0.
    """

    digest: str
    seed: int
    index: int

    def generator(self, purpose: str) -> np.random.Generator:
        """Return this scene's own generator for one purpose (``"sample"``, ``"noise"`` …)."""
        return named_generator(self.digest, self.seed, self.index, purpose)
