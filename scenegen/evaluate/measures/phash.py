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

F32 = npt.NDArray[np.float32]
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
_PART = 1 << 12


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
    """Pictures that have one like them, each with the one that is most like it.

    Attributes
    ----------
    left, right : (P,) int64
        Positions, of the picture and of the other; left ascending, each once.
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
    """Return pictures with the first one of equal pixels in another set, or else in the same."""
    other = left if right is None else right
    places: dict[bytes, list[int]] = {}
    for j in range(len(other)):
        found = places.setdefault(other.digest[j].tobytes(), [])
        if len(found) < 2:  # the second is for the first itself
            found.append(j)
    pairs = []
    for i in range(len(left)):
        equal = places.get(left.digest[i].tobytes(), [])
        pairs += [(i, j) for j in equal if right is not None or i != j][:1]
    table = np.array(pairs, np.int64).reshape(-1, 2)
    return Pairs(table[:, 0], table[:, 1], np.ones(len(table)))


def near_pairs(
    left: Signatures,
    right: Signatures | None = None,
    hamming: int = HAMMING,
    correlation: float = CORRELATION,
) -> Pairs:
    """Return pictures with the one that looks most like them without being equal to the pixel.

    Every pair of hashes is compared, some millions at a time: 100,000 pictures against as
    many take about two minutes, and memory grows only with what is found.

    Parameters
    ----------
    right : Signatures, optional
        Where it is looked for; without it in the same set.
    """
    other = left if right is None else right
    one, two = _numbers(left, other)
    rows, columns = np.flatnonzero(_structured(left.fine)), np.flatnonzero(_structured(other.fine))
    step = max(1, _CHUNK // max(len(columns), 1))
    kept: list[Pairs] = []
    for start in range(0, len(rows), step):
        here = rows[start : start + step]
        distance = np.bitwise_count(left.hash[here, None] ^ other.hash[None, columns])
        row, column = np.nonzero(distance <= hamming)
        i, j = here[row], columns[column]
        unlike = one[i] != two[j]
        kept.append(_most_alike(left, other, i[unlike], j[unlike], correlation))
    return Pairs(
        np.concatenate([np.zeros(0, np.int64), *(pairs.left for pairs in kept)]),
        np.concatenate([np.zeros(0, np.int64), *(pairs.right for pairs in kept)]),
        np.concatenate([np.zeros(0), *(pairs.correlation for pairs in kept)]),
    )


def unit_fine(fine: npt.NDArray[np.int8]) -> F32:
    """Return fine structures (N, K) with mean zero and length one, or zero where there is none."""
    rows = fine.astype(np.float32)
    rows -= rows.mean(axis=1, keepdims=True)
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    plain = length < _PLAIN * np.sqrt(rows.shape[1])
    return np.asarray(np.where(plain, 0, rows / np.where(plain, 1, length)), np.float32)


def _most_alike(left: Signatures, right: Signatures, i: I64, j: I64, least: float) -> Pairs:
    """Return of the suggested pairs the one of each left picture that agrees best, if it does."""
    found = np.zeros(len(i))
    for start in range(0, len(i), _PART):
        part = slice(start, start + _PART)
        products = unit_fine(left.fine[i[part]]) * unit_fine(right.fine[j[part]])
        found[part] = products.sum(axis=1)
    order = np.lexsort((j, -found, i))
    order = order[found[order] >= least]
    _, first = np.unique(i[order], return_index=True)
    best = order[first]
    return Pairs(i[best], j[best], found[best])


def _structured(fine: npt.NDArray[np.int8]) -> npt.NDArray[np.bool_]:
    """Return which pictures (N,) have any fine structure; the others look like nothing else."""
    parts = [unit_fine(fine[s : s + _PART]).any(axis=1) for s in range(0, len(fine), _PART)]
    return np.concatenate([np.zeros(0, np.bool_), *parts])


def _numbers(left: Signatures, right: Signatures) -> tuple[I64, I64]:
    """Return a number for each picture; equal ones for equal pixels."""
    both = np.ascontiguousarray(np.concatenate([left.digest, right.digest]))
    _, numbers = np.unique(both.view("V32").ravel(), return_inverse=True)
    return numbers[: len(left)], numbers[len(left) :]


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
