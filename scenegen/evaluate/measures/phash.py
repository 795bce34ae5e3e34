"""Pictures that are the same, or nearly: digests of pixels, perceptual hashes, correlation.

A hash alone finds too much: road scenes share their layout, and the hash of a plain sky is
noise. So pairs that it suggests are held against each other in their fine structure.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from scenegen.evaluate.images import F64, I64, U8
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.memo import Arrays, Memo
from scenegen.evaluate.study import Tick, silent

U64 = npt.NDArray[np.uint64]
VERSION = 1
HAMMING = 10
"""Bits of 64 in which hashes of near duplicates differ at most."""
CORRELATION = 0.85
"""Least correlation of the fine structure of near duplicates."""
_SIDE = 32
_PLAIN = 1.0
"""Standard deviation in 8-bit steps below which fine structure is noise of the coding."""
_CHUNK = 1 << 22


@dataclass(frozen=True)
class Signatures:
    """What pictures are recognised by; rows match.

    Attributes
    ----------
    digest : (N, 32) uint8
        sha256 of the decoded pixels and their shape.
    hash : (N,) uint64
        `perceptual_hash`.
    fine : (N, 1024) int8
        `fine_structure`.
    """

    digest: U8
    hash: U64
    fine: npt.NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.hash)


@dataclass(frozen=True)
class Pairs:
    """Pictures of two sets that belong together.

    Attributes
    ----------
    left, right : (P,) int64
        Positions in either set, ascending by left, then right.
    correlation : (P,) float64
        Of their fine structure; one for exact duplicates.
    """

    left: I64
    right: I64
    correlation: F64

    def __len__(self) -> int:
        return len(self.left)


def perceptual_hash(picture: U8) -> int:
    """Return the signs of the 64 lowest frequencies of a picture's brightness, as 64 bits.

    The discrete cosine transform of the 32x32 picture; a bit is set where a coefficient,
    the constant one left out, exceeds the median of the 64.
    """
    coefficients = cv2.dct(_small_grey(picture))
    low = coefficients[_ROWS, _COLUMNS]
    bits = low > np.median(low)
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


def fine_structure(picture: U8) -> npt.NDArray[np.int8]:
    """Return the 32x32 brightness less its blurred copy (1024,) int8; layout and light go."""
    grey = _small_grey(picture)
    fine = grey - cv2.GaussianBlur(grey, (0, 0), 2.0, borderType=cv2.BORDER_REFLECT)
    return np.asarray(np.clip(np.rint(fine), -127, 127), np.int8).ravel()


def signatures(mapped: MappedSet, memo: Memo, tick: Tick = silent) -> Signatures:
    """Return the signatures of a set, read once."""

    def compute() -> Arrays:
        count = len(mapped)
        digest = np.zeros((count, 32), np.uint8)
        hashes = np.zeros(count, np.uint64)
        fine = np.zeros((count, _SIDE**2), np.int8)
        for index in range(count):
            tick(index / count, f"{mapped.name}: {index} of {count} pictures hashed")
            picture = mapped.image(index)
            digest[index] = _pixel_digest(picture)
            hashes[index] = perceptual_hash(picture)
            fine[index] = fine_structure(picture)
        return {"digest": digest, "hash": hashes, "fine": fine}

    inputs = {"set": mapped.digest, "version": VERSION, "cv2": cv2.__version__}
    return Signatures(**memo.arrays("signatures", inputs, compute))


def exact_pairs(left: Signatures, right: Signatures | None = None) -> Pairs:
    """Return pictures with equal pixels, of two sets or (without `right`) within one."""
    other = left if right is None else right
    places: dict[bytes, list[int]] = {}
    for j in range(len(other)):
        places.setdefault(other.digest[j].tobytes(), []).append(j)
    found = [
        (i, j)
        for i in range(len(left))
        for j in places.get(left.digest[i].tobytes(), ())
        if right is not None or i < j
    ]
    pairs = np.array(found, np.int64).reshape(-1, 2)
    return Pairs(pairs[:, 0], pairs[:, 1], np.ones(len(pairs)))


def near_pairs(
    left: Signatures,
    right: Signatures | None = None,
    hamming: int = HAMMING,
    correlation: float = CORRELATION,
) -> Pairs:
    """Return pictures that look the same without being the same to the pixel.

    Every pair of hashes is compared, some millions at a time: 100,000 pictures against as
    many take a minute and a half, and memory doesn't grow with them.

    Parameters
    ----------
    right : Signatures, optional
        Another set; without it pairs within `left`.
    """
    other = left if right is None else right
    step = max(1, _CHUNK // max(len(other), 1))
    kept: list[Pairs] = []
    for start in range(0, len(left), step):
        distance = np.bitwise_count(left.hash[start : start + step, None] ^ other.hash[None])
        i, j = np.nonzero(distance <= hamming)
        i += start
        ahead = (left.digest[i] != other.digest[j]).any(axis=1)
        if right is None:
            ahead &= i < j
        kept.append(_alike(left, other, i[ahead], j[ahead], correlation))
    return Pairs(
        np.concatenate([np.zeros(0, np.int64), *(pairs.left for pairs in kept)]),
        np.concatenate([np.zeros(0, np.int64), *(pairs.right for pairs in kept)]),
        np.concatenate([np.zeros(0), *(pairs.correlation for pairs in kept)]),
    )


def _alike(left: Signatures, right: Signatures, i: I64, j: I64, least: float) -> Pairs:
    """Return the suggested pairs that agree in their fine structure."""
    found = np.zeros(len(i))
    for start in range(0, len(i), _CHUNK // _SIDE**2):
        part = slice(start, start + _CHUNK // _SIDE**2)
        a, b = left.fine[i[part]].astype(np.float64), right.fine[j[part]].astype(np.float64)
        a -= a.mean(axis=1, keepdims=True)
        b -= b.mean(axis=1, keepdims=True)
        sizes = np.sqrt((a**2).mean(axis=1) * (b**2).mean(axis=1))
        found[part] = np.where(
            sizes >= _PLAIN**2, (a * b).mean(axis=1) / np.maximum(sizes, _PLAIN**2), 0.0
        )
    keep = found >= least
    return Pairs(i[keep], j[keep], found[keep])


def _small_grey(picture: U8) -> npt.NDArray[np.float32]:
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    return np.asarray(cv2.resize(grey, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA), np.float32)


def _pixel_digest(picture: U8) -> U8:
    total = hashlib.sha256(str(picture.shape).encode())
    total.update(np.ascontiguousarray(picture).tobytes())
    return np.frombuffer(total.digest(), np.uint8)


def _lowest() -> tuple[I64, I64]:
    """Return rows and columns of the 64 lowest frequencies but the constant one."""
    rows, columns = np.divmod(np.arange(_SIDE**2), _SIDE)
    order = np.lexsort((rows, np.maximum(rows, columns), rows + columns))[1:65]
    return rows[order], columns[order]


_ROWS, _COLUMNS = _lowest()
