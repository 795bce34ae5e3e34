"""Memory of training pictures: copies are flagged however they are dressed, others are not."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import combinations
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenegen.errors import InputError
from scenegen.evaluate import copies
from scenegen.evaluate.feature_store import FeatureStore
from scenegen.evaluate.measures.membership import (
    area,
    distances,
    membership_intervals,
    nearer_interval,
    nearer_share,
    nearest,
    true_positives,
)
from scenegen.evaluate.measures.patches import best_match, patches_of, picture_patches
from scenegen.evaluate.measures.phash import unit_fine
from scenegen.evaluate.members import Losses, arms, held_out
from scenegen.evaluate.privacy import privacy
from tests.evaluate.memory_sets import make_study, memory_set, scenery

SIZE = (160, 120)


class Grid:
    """Features that forgive small cuts: mean colours of a blurred 8x8 grid."""

    name = "grid"
    digest = "grid"
    dimension = 192

    def __call__(self, pictures: Sequence[np.ndarray]) -> np.ndarray:
        rows = [
            cv2.resize(cv2.GaussianBlur(p, (0, 0), 6), (8, 8), interpolation=cv2.INTER_AREA)
            for p in pictures
        ]
        return np.array([row.ravel() for row in rows], np.float32).reshape(-1, self.dimension)


@cache
def photograph(seed: int, number: int) -> np.ndarray:
    return scenery(np.random.default_rng([seed, number]), SIZE, 16)


def photographs(seed: int, count: int) -> list[np.ndarray]:
    return [photograph(seed, number) for number in range(count)]


def noisy(picture: np.ndarray) -> np.ndarray:
    noise = np.random.default_rng(0).normal(0, 8, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def cut(picture: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(picture[4:-4, 5:-5])


def recoded(picture: np.ndarray) -> np.ndarray:
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 30])
    return cv2.imdecode(data, cv2.IMREAD_COLOR)


def judge(folder: Path, made: list[np.ndarray], losses: Losses | None = None):
    """Return the section about pictures, with one drive cut into train and validation set."""
    real = memory_set("real", photographs(1, 90), groups="drive", block_length=3)
    synthetic = memory_set("made", made, block_length=3)
    train, val = real.subset(range(60)), real.subset(range(60, 90))
    test = memory_set("test", photographs(2, 10))
    study = make_study(folder, synthetic, test, train, val)
    section = privacy(study, synthetic, FeatureStore(study.memo, Grid()), losses=losses)
    return section, {(r.name.removeprefix("privacy."), r.slice): r for r in section.results}


def test_an_unrelated_set_is_not_flagged(tmp_path: Path):
    section, figures = judge(tmp_path, photographs(3, 40))
    assert not [flag for flag in section.flags if flag.severity == "error"]
    assert figures["copies", "all"].value == 0
    assert figures["exact", "all"].value == 0
    for name in ("nearer_train", "nearer_train_pixels", "membership_auc"):
        assert figures[name, "all"].ci_low < 0.5 < figures[name, "all"].ci_high
    assert len(section.grids[0].pictures) == 6
    assert all((tmp_path / picture.path).is_file() for picture in section.grids[0].pictures)


@pytest.mark.parametrize("dress", [lambda p: p, noisy, cut, recoded])
def test_copied_training_pictures_are_flagged(tmp_path: Path, dress):
    section, figures = judge(tmp_path, [dress(p) for p in photographs(1, 40)])
    kinds = [flag.kind for flag in section.flags if flag.severity == "error"]
    assert kinds == ["memorised"]
    assert figures["copies", "all"].value > 0.9
    assert figures["copies_floor", "all"].value == 0
    assert figures["distance_ratio", "all"].ci_high < figures["distance_ratio_floor", "all"].ci_low
    assert figures["nearer_train", "all"].ci_low > 0.5
    assert figures["membership_auc", "all"].ci_low > 0.5
    assert figures["membership_tpr", "all"].value > 0.4


def test_one_copy_among_many_pictures_is_flagged_and_shown_first(tmp_path: Path):
    made = photographs(4, 40)
    made[17] = recoded(photographs(1, 30)[29])
    section, figures = judge(tmp_path, made)
    assert [f.kind for f in section.flags if f.severity == "error"] == ["memorised"]
    assert figures["near", "all"].value == 1
    assert section.grids[0].pictures[0].caption.startswith("made-0017 – real-0029")


def test_copies_are_found_among_many_though_not_all_are_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(copies, "MOST", 10)
    made = photographs(4, 40)
    made[3] = photographs(1, 30)[29]
    section, figures = judge(tmp_path, made)
    assert figures["exact", "all"].value == 1
    assert figures["copies", "all"].n == 10
    assert [f.kind for f in section.flags if f.severity == "error"] == ["memorised"]


def test_copies_of_held_out_pictures_are_not_memory(tmp_path: Path):
    section, figures = judge(tmp_path, photographs(1, 90)[60:])
    assert "memorised" not in [flag.kind for flag in section.flags]
    assert figures["nearer_train", "all"].value < 0.1
    assert figures["membership_auc", "all"].value < 0.5


def test_losses_of_a_model_that_knows_its_training_pictures_are_told(tmp_path: Path):
    generator = np.random.default_rng(5)
    known = Losses("tiny", generator.normal(0, 1, 60), generator.normal(3, 1, 30))
    section, figures = judge(tmp_path, photographs(6, 20), known)
    assert figures["loss_auc", "all"].ci_low > 0.9
    assert figures["loss_auc", "all"].model == "tiny"
    assert [f.kind for f in section.flags] == ["leans towards training pictures"]
    blind = Losses("tiny", generator.normal(0, 1, 60), generator.normal(0, 1, 30))
    _, figures = judge(tmp_path, photographs(6, 20), blind)
    assert figures["loss_auc", "all"].ci_low < 0.5 < figures["loss_auc", "all"].ci_high


def test_others_come_from_the_same_drives_if_there_are_such(tmp_path: Path):
    whole = memory_set("city", photographs(7, 30), groups=["a"] * 10 + ["b"] * 20)
    train, val = whole.subset(range(20)), whole.subset(range(20, 30))
    other = memory_set("other", photographs(8, 5))
    made = memory_set("made", photographs(9, 25))
    study = make_study(tmp_path, made, other, train, val)
    held = held_out(study)
    assert held.mapped is val
    assert held.drives == ("b",)
    whole_arm, shared = arms(train, held)
    assert (len(whole_arm.members), whole_arm.alike) == (20, False)
    assert (shared.members.tolist(), shared.alike) == (list(range(10, 20)), True)
    section = privacy(study, made, FeatureStore(study.memo, Grid()))
    assert {r.slice for r in section.results} == {"all", "drives=shared"}
    apart = make_study(tmp_path, made, other, train)
    assert held_out(apart).mapped is other
    section = privacy(apart, made, FeatureStore(apart.memo, Grid()))
    assert [f.kind for f in section.flags] == ["privacy across drives"]
    assert all("same drives" in r.note for r in section.results if "nearer" in r.name)


def test_without_training_pictures_there_is_nothing_to_ask(tmp_path: Path):
    made = memory_set("made", photographs(9, 3))
    study = make_study(tmp_path, made, made)
    with pytest.raises(InputError, match="trained on"):
        privacy(study, made, FeatureStore(study.memo, Grid()))


def test_plain_pictures_have_no_patches_and_no_figure(tmp_path: Path):
    flat = [np.full((120, 160, 3), i, np.uint8) for i in range(25)]
    _, figures = judge(tmp_path, flat)
    assert figures["patch_nearer_train", "all"].value is None
    assert figures["copies", "all"].value == 0


@given(st.integers(0, 10_000))
def test_the_share_is_one_half_for_random_data(seed):
    generator = np.random.default_rng(seed)
    points = generator.normal(size=(220, 8))
    made, members, others = points[:100], points[100:170], points[170:]
    blocks = tuple(np.arange(len(p)) // 2 for p in (made, members, others))
    found = nearer_interval(
        distances(made, members), distances(made, others), blocks, generator, draws=60
    )
    assert abs(found.value - 0.5) < 0.3
    assert found.low < 0.57
    assert found.high > 0.43


def test_the_share_is_one_half_on_average():
    shares = []
    for seed in range(200):
        generator = np.random.default_rng(seed)
        points = generator.normal(size=(60, 4))
        shares.append(
            nearer_share(
                distances(points[:20], points[20:30]), distances(points[:20], points[30:])
            ).mean()
        )
    assert abs(np.mean(shares) - 0.5) < 4 * np.std(shares) / np.sqrt(200)


@given(st.integers(0, 500), st.integers(1, 6), st.integers(1, 6))
def test_the_share_is_that_over_all_draws(seed, members, others):
    """Against going through every equal-sized draw, ties included."""
    generator = np.random.default_rng(seed)
    to_members = generator.integers(0, 5, (3, members)).astype(float)
    to_others = generator.integers(0, 5, (3, others)).astype(float)
    size = min(members, others)
    expected = np.zeros(3)
    draws = [
        (list(m), list(h))
        for m in combinations(range(members), size)
        for h in combinations(range(others), size)
    ]
    for m, h in draws:
        inside, outside = to_members[:, m].min(axis=1), to_others[:, h].min(axis=1)
        expected += (inside < outside) + 0.5 * (inside == outside)
    assert nearer_share(to_members, to_others) == pytest.approx(expected / len(draws))


@given(st.integers(0, 500), st.integers(1, 12), st.integers(1, 12))
def test_the_area_is_the_chance_of_a_higher_score(seed, members, others):
    generator = np.random.default_rng(seed)
    m = generator.integers(0, 6, members).astype(float)
    h = generator.integers(0, 6, others).astype(float)
    w, v = generator.integers(1, 4, members) * 1.0, generator.integers(1, 4, others) * 1.0
    one = [
        (a > b) + 0.5 * (a == b)
        for a in np.repeat(m, w.astype(int))
        for b in np.repeat(h, v.astype(int))
    ]
    assert area(m, h, (w, v)) == pytest.approx(np.mean(one))


def test_true_positives_at_one_per_cent():
    others = np.arange(200.0)
    members = np.array([197.0, 197.5, 198.5, 250.0])
    assert true_positives(members, others) == 0.75  # two of 200 may be taken: 198 and 199
    assert true_positives(members, others[:50]) == 1.0
    assert true_positives(np.array([49.0]), others[:50]) == 0.0


def test_intervals_hold_the_value_and_random_scores_are_at_chance():
    generator = np.random.default_rng(11)
    m, h = generator.normal(size=300), generator.normal(size=300)
    blocks = np.arange(300) // 3
    auc, rate = membership_intervals(m, h, (blocks, blocks), generator)
    assert auc.low < 0.5 < auc.high
    assert rate.low <= rate.value <= rate.high < 0.1


def test_neighbours_in_time_do_not_hide_a_copy():
    generator = np.random.default_rng(12)
    reference = generator.normal(size=(40, 6))
    reference[1:4] = reference[0] + 0.01 * generator.normal(size=(3, 6))
    blocks = np.arange(40) // 4
    found = nearest(reference[:1], reference, blocks, 5)
    assert found.index.tolist() == [0]
    assert found.ratio[0] == 0
    near = nearest(reference[:1] + 0.1, reference, blocks, 5)
    apart = np.sort(np.linalg.norm(reference[4:] - reference[0] - 0.1, axis=1))[:5]
    assert near.ratio[0] == pytest.approx(near.distance[0] / apart.mean())


def test_distances_agree_with_the_norm_and_equal_rows_are_at_zero():
    generator = np.random.default_rng(13)
    a, b = generator.normal(50, 1, (7, 30)), generator.normal(50, 1, (9, 30))
    b[3] = a[2]
    found = distances(a, b)
    assert found == pytest.approx(np.linalg.norm(a[:, None] - b[None], axis=2), abs=1e-6)
    assert found[2, 3] == 0


def test_patches_are_found_again_in_other_light():
    picture = scenery(np.random.default_rng(14), (480, 360), 40)
    own, corner = picture_patches(picture, 32)
    dark, _ = picture_patches((picture * 0.6).astype(np.uint8), 64)
    best, at = best_match(dark, own)
    assert best.min() > 0.99
    assert (corner[at] % 64 == 0).all()
    other, _ = picture_patches(scenery(np.random.default_rng(15), (480, 360), 40), 64)
    assert np.median(best_match(other, own)[0]) < 0.8


def test_patches_know_their_picture_and_plain_ones_are_left_out():
    flat = np.full((360, 480, 3), 77, np.uint8)
    mapped = memory_set("m", [flat, scenery(np.random.default_rng(16), (480, 360), 40)])
    found = patches_of(mapped, np.arange(2), 64)
    assert set(found.picture.tolist()) == {1}
    assert len(found) == 5 * 7
    assert np.linalg.norm(found.descriptor, axis=1) == pytest.approx(1)
    assert best_match(found.descriptor, found.descriptor[:0])[0].tolist() == [-1] * 35


def test_fine_structure_of_one_length():
    rows = np.zeros((2, 1024), np.int8)
    rows[0, ::2] = 5
    found = unit_fine(rows)
    assert np.linalg.norm(found, axis=1).tolist() == pytest.approx([1, 0])
