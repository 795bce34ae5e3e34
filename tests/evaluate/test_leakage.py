"""Pictures and drives on both sides of a split: what is planted is found, and nothing else."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenegen.evaluate.feature_store import FeatureStore
from scenegen.evaluate.leakage import leakage
from scenegen.evaluate.measures import phash
from scenegen.evaluate.measures.phash import (
    Signatures,
    exact_pairs,
    near_pairs,
    perceptual_hash,
    signatures,
)
from scenegen.evaluate.memo import Memo
from scenegen.evaluate.relations import shared_groups
from tests.evaluate.memory_sets import make_study, memory_set, scenery

SIZE = (160, 120)


def photographs(seed: int, count: int) -> list[np.ndarray]:
    generator = np.random.default_rng(seed)
    return [scenery(generator, SIZE, 24) for _ in range(count)]


def recoded(picture: np.ndarray, quality: int) -> np.ndarray:
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return cv2.imdecode(data, cv2.IMREAD_COLOR)


def resized(picture: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA)


def brighter(picture: np.ndarray) -> np.ndarray:
    return np.clip(picture * 1.1 + 8, 0, 255).astype(np.uint8)


def found(folder: Path, left: list[np.ndarray], right: list[np.ndarray]) -> list[tuple[int, int]]:
    memo = Memo(folder)
    a, b = (signatures(memory_set(name, p), memo) for name, p in (("a", left), ("b", right)))
    pairs = near_pairs(a, b)
    return list(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))


def test_recoded_resized_and_brightened_copies_are_found(tmp_path: Path):
    real = photographs(0, 6)
    copies = [
        recoded(real[0], 30),
        resized(real[1], (96, 64)),
        cv2.resize(real[2], (320, 240)),
        brighter(real[3]),
        recoded(resized(real[4], (100, 75)), 50),
    ]
    assert found(tmp_path, real, copies) == [(i, i) for i in range(5)]


def test_frames_that_are_merely_similar_are_not(tmp_path: Path):
    """The same layout with other detail, and plain skies that differ by noise alone."""
    generator = np.random.default_rng(1)
    layout = cv2.resize(photographs(2, 1)[0], (16, 12), interpolation=cv2.INTER_AREA)
    layout = cv2.resize(layout, SIZE, interpolation=cv2.INTER_CUBIC).astype(np.float64)
    alike = [
        np.clip(layout + 0.35 * (p.astype(np.float64) - 128), 0, 255).astype(np.uint8)
        for p in photographs(3, 6)
    ]
    ramp = np.linspace(120, 220, SIZE[1])[:, None, None] * np.ones((1, SIZE[0], 3))
    skies = [
        np.clip(ramp + generator.normal(0, 1, ramp.shape), 0, 255).astype(np.uint8)
        for _ in range(6)
    ]
    flat = [np.full((SIZE[1], SIZE[0], 3), value, np.uint8) for value in (0, 128, 255)]
    assert found(tmp_path, alike[:3] + skies[:3] + flat, alike[3:] + skies[3:]) == []


def test_a_shifted_scene_is_another_picture(tmp_path: Path):
    wide = scenery(np.random.default_rng(4), (200, 120), 30)
    assert found(tmp_path, [wide[:, :160].copy()], [wide[:, 40:].copy()]) == []


@given(st.integers(0, 300), st.integers(1, 40))
def test_near_pairs_agree_with_comparing_one_by_one(seed, count):
    """In chunks of any size, within a set, with digests of which some are equal."""
    generator = np.random.default_rng(seed)
    base = generator.integers(0, 2**63, 4, np.uint64)
    flips = np.uint64(1) << generator.integers(0, 63, count).astype(np.uint64)
    fine = generator.integers(-9, 9, (4, 1024)).astype(np.int8)
    which = generator.integers(0, 4, count)
    digest = np.zeros((count, 32), np.uint8)
    digest[:, 0] = generator.integers(0, 9, count)
    held = Signatures(digest, base[which] ^ flips, fine[which])
    near = near_pairs(held)

    correlation = np.corrcoef(fine)

    def likeness(i: int, j: int) -> float:
        """Return the correlation of a pair, or -1 if it is none."""
        alike = int(held.hash[i] ^ held.hash[j]).bit_count() <= phash.HAMMING
        found = correlation[which[i], which[j]]
        return found if alike and digest[i, 0] != digest[j, 0] else -1

    rows = [[likeness(i, j) for j in range(count)] for i in range(count)]
    expected = [i for i, row in enumerate(rows) if max(row) >= phash.CORRELATION]
    assert near.left.tolist() == expected
    for i, j in zip(near.left, near.right, strict=True):
        assert rows[i][j] == pytest.approx(max(rows[i]))
    exact = exact_pairs(held)
    equal = digest[:, 0][:, None] == digest[:, 0]
    np.fill_diagonal(equal, False)
    assert exact.left.tolist() == np.flatnonzero(equal.any(axis=1)).tolist()
    assert exact.right.tolist() == equal.argmax(axis=1)[exact.left].tolist()


def test_small_chunks_change_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    pictures = photographs(5, 5)
    right = [recoded(p, 60) for p in reversed(pictures)]
    whole = found(tmp_path, pictures, right)
    monkeypatch.setattr(phash, "_CHUNK", 12)
    monkeypatch.setattr(phash, "_PART", 2)
    assert found(tmp_path, pictures, right) == whole == [(i, 4 - i) for i in range(5)]


def test_a_hash_is_64_bits_of_which_half_are_set():
    assert all(perceptual_hash(p).bit_count() == 32 for p in photographs(6, 5))


def test_a_set_of_one_picture_over_and_over_takes_no_more_memory():
    held = Signatures(
        np.zeros((3000, 32), np.uint8), np.zeros(3000, np.uint64), np.zeros((3000, 1024), np.int8)
    )
    pairs = exact_pairs(held)
    assert len(pairs) == 3000
    assert pairs.right[:2].tolist() == [1, 0]
    assert set(pairs.right[1:].tolist()) == {0}
    assert len(near_pairs(held)) == 0


def test_ten_thousand_pictures_are_compared_at_once():
    generator = np.random.default_rng(7)
    hashes = generator.integers(0, 2**63, 10_000, np.uint64)
    digest = generator.integers(0, 256, (10_000, 32)).astype(np.uint8)
    fine = generator.integers(-9, 9, (10_000, 1024)).astype(np.int8)
    hashes[9_000], fine[9_000] = hashes[17], fine[17]
    pairs = near_pairs(Signatures(digest, hashes, fine))
    assert (pairs.left.tolist(), pairs.right.tolist()) == ([17, 9_000], [9_000, 17])


def values(section, slice_="all"):
    return {r.name: r.value for r in section.results if r.slice == slice_}


def test_what_is_planted_is_counted_flagged_and_shown(tmp_path: Path):
    test, train, made = photographs(10, 8), photographs(11, 6), photographs(12, 5)
    val = photographs(13, 4)
    train[2], train[3] = test[0], recoded(test[1], 40)
    made[4] = resized(test[5], (96, 64))
    val[0] = recoded(val[1], 50)
    test[7] = recoded(test[6], 50)
    study = make_study(
        tmp_path,
        memory_set("made", made),
        memory_set("test", test, groups="drive"),
        memory_set("train", train),
        memory_set("val", val),
    )
    section = leakage(study)
    assert values(section) == {
        "leakage.exact": 0,
        "leakage.near": 1,
        "leakage.shared_groups": 0,
    }
    assert values(section, "pair=train-test")["leakage.exact"] == 1
    assert values(section, "pair=train-test")["leakage.near"] == 1
    assert values(section, "pair=val-test")["leakage.near"] == 0
    assert values(section, "pair=test-test")["leakage.near"] == 2
    flags = {(flag.severity, flag.kind) for flag in section.flags}
    assert flags == {
        ("error", "exact duplicates"),
        ("warning", "near duplicates"),
        ("note", "near duplicates"),
    }
    (error,) = (flag for flag in section.flags if flag.severity == "error")
    assert error.message.endswith(
        "1 of 8 pictures of test are the same in train, as test-0000 and train-0002"
    )
    assert len(section.grids[0].pictures) == 4
    assert all((tmp_path / picture.path).is_file() for picture in section.grids[0].pictures)


def test_sets_without_anything_in_common_raise_no_flag(tmp_path: Path):
    sets = [memory_set(n, photographs(s, 4)) for s, n in enumerate(("made", "test", "train"), 20)]
    section = leakage(make_study(tmp_path, *sets, memory_set("val", photographs(30, 3))))
    assert section.flags == ()
    assert section.grids == ()
    assert all(result.value == 0 for result in section.results)


def parts_of_one_set(drives: dict[str, list[str]]):
    """Return sets of grey pictures of one data set, by split, with the given drives."""
    names = [(split, drive) for split, held in drives.items() for drive in held]
    whole = memory_set("city", photographs(40, len(names)), groups=[drive for _, drive in names])
    places = {split: [i for i, n in enumerate(names) if n[0] == split] for split in drives}
    return {split: whole.subset(at) for split, at in places.items()}


@pytest.mark.parametrize(
    ("drives", "severity"),
    [
        ({"train": ["a", "b"], "val": ["c"], "test": ["b", "d"]}, "error"),
        ({"train": ["a"], "val": ["a", "c"], "test": ["d"]}, "warning"),
        ({"train": ["a"], "val": ["c"], "test": ["d", "c"]}, "warning"),
    ],
)
def test_shared_drives_are_flagged(tmp_path: Path, drives, severity):
    parts = parts_of_one_set(drives)
    made = memory_set("made", photographs(50, 2), groups="a")
    section = leakage(make_study(tmp_path, made, parts["test"], parts["train"], parts["val"]))
    assert [(f.severity, f.kind) for f in section.flags] == [(severity, "shared drives")]


def test_drives_of_other_data_sets_and_unknown_drives():
    one = memory_set("one", photographs(0, 2), groups=["a", "b"])
    other = memory_set("other", photographs(0, 2), groups=["b", "c"])
    unknown = memory_set("one", photographs(0, 2), groups=["", ""])
    assert shared_groups(one, one) == ("a", "b")
    assert shared_groups(one, other) == ()
    assert shared_groups(one, unknown) is None


class Mirrorless:
    """Features that don't tell left from right: mean colours of a folded 6x6 grid."""

    name = "folded"
    digest = "folded"
    dimension = 108

    def __call__(self, pictures):
        rows = []
        for picture in pictures:
            grid = resized(cv2.GaussianBlur(picture, (0, 0), 5), (6, 6)).astype(np.float32)
            rows.append((grid + grid[:, ::-1]).ravel())
        return np.array(rows, np.float32).reshape(-1, self.dimension)


def test_mirrored_copies_are_found_by_features(tmp_path: Path):
    test, made = photographs(60, 30), photographs(61, 30)
    made[3] = np.ascontiguousarray(test[8][:, ::-1])
    train, val = photographs(62, 30), photographs(63, 30)
    names = ("made", "test", "train", "val")
    sets = [
        memory_set(n, p, groups=n) for n, p in zip(names, (made, test, train, val), strict=True)
    ]
    study = make_study(tmp_path, *sets)
    assert values(leakage(study))["leakage.near"] == 0
    section = leakage(study, store=FeatureStore(study.memo, Mirrorless()))
    assert values(section)["leakage.near"] == 1
    assert values(section, "pair=train-test")["leakage.near"] == 0
    (flag,) = section.flags
    assert flag.message.endswith("as test-0008 and made-0003")
