"""Fidelity and diversity on known cases: the floor, worse copies in order, collapse, repeats."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from scenegen.evaluate.comparison import halves, share_interval
from scenegen.evaluate.diversity import diversity
from scenegen.evaluate.feature_store import FeatureSet, FeatureStore
from scenegen.evaluate.features import make_extractor
from scenegen.evaluate.fidelity import fidelity
from scenegen.evaluate.measures.frechet import frechet
from scenegen.evaluate.measures.kid import kid, kid_interval
from scenegen.evaluate.study import silent
from tests.evaluate.disk_sets import QuickFeatures, disk_set, streets
from tests.evaluate.memory_sets import make_study, memory_set

COUNT = 44


def figures(section, slice="all"):
    return {r.name: r for r in section.results if r.slice == slice}


def study_of(folder, pictures, labels=None, *, count=COUNT, train=True, **keys):
    """Return a study of pictures against streets, and its store."""
    real, real_labels = streets(1, count)
    test = disk_set(folder, "test", real, real_labels)
    synthetic = disk_set(folder, "synthetic", pictures, labels, **keys)
    other, other_labels = streets(3, count)
    trained = disk_set(folder, "train", other, other_labels) if train else None
    study = make_study(folder / "out", synthetic, test, trained)
    return study, FeatureStore(study.memo, QuickFeatures())


# --- fidelity ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def alike(tmp_path_factory):
    """Real-like streets as the synthetic set, with everything that is said of them."""
    folder = tmp_path_factory.mktemp("alike")
    study, store = study_of(folder, *streets(2, COUNT))
    ticks = []
    section = fidelity(study, study.synthetic[0], store, lambda s, note: ticks.append(s))
    return study, store, section, ticks


def test_real_against_real_is_at_the_floor(alike):
    _, _, section, _ = alike
    found = figures(section)
    assert found["fidelity.kid"].ci_low < 0.001
    for floor in ("fidelity.kid_floor", "fidelity.kid_floor_train"):
        assert found["fidelity.kid"].ci_low <= found[floor].ci_high
        assert found[floor].ci_low <= found["fidelity.kid"].ci_high
    distance, floor = found["fidelity.frechet"], found["fidelity.frechet_floor"]
    assert distance.n == floor.n == COUNT // 2
    assert distance.ci_low <= floor.ci_high
    assert floor.ci_low <= distance.ci_high


def test_every_figure_has_its_interval_and_names(alike):
    study, _, section, _ = alike
    names = [(r.name, r.slice) for r in section.results]
    assert len(set(names)) == len(names)
    for result in section.results:
        assert result.reference == "test"
        if result.value is None:
            assert "left out" in result.note
        else:
            assert result.ci_low <= result.value <= result.ci_high
            assert result.method
    for picture in (p for grid in section.grids for p in grid.pictures):
        assert (study.out / picture.path).is_file()
    assert len(section.grids) == 2
    assert {curve.label for curve in section.plots[0].curves} == {"synthetic", "test", "train"}


def test_crops_are_compared_by_class_with_their_floor(alike):
    _, _, section, _ = alike
    for name in ("car", "person"):
        found = figures(section, f"class={name}")
        assert found["fidelity.crop_kid"].unit == "objects"
        assert found["fidelity.crop_kid"].n >= 20
        assert found["fidelity.crop_kid_floor_train"].dataset == "train"


def test_progress_never_falls(alike):
    ticks = alike[3]
    assert ticks == sorted(ticks)
    assert 0 <= ticks[0] <= ticks[-1] <= 1


def test_the_same_inputs_say_the_same(alike):
    study, store, section, _ = alike
    seen = store.extractor.seen
    assert fidelity(study, study.synthetic[0], store, silent) == section
    assert store.extractor.seen == seen


def test_other_colours_and_blur_are_told_apart_by_what_they_are(tmp_path):
    pictures = [
        cv2.GaussianBlur((p * 0.5).astype(np.uint8), (0, 0), 2) for p in streets(2, COUNT)[0]
    ]
    study, store = study_of(tmp_path, pictures)
    section = fidelity(study, study.synthetic[0], store, silent)
    found = figures(section)
    assert found["fidelity.brightness_gap"].ci_high < -10
    assert found["fidelity.spectrum"].ci_low > found["fidelity.spectrum_floor_train"].ci_high
    assert found["fidelity.spectrum_slope_gap"].ci_high < 0
    assert found["fidelity.kid"].ci_low > found["fidelity.kid_floor_train"].ci_high
    assert found["fidelity.precision"].value < found["fidelity.precision_real"].value
    table = {row[0]: row[1:] for row in section.tables[0].rows}
    assert table["lightness"][0] > 5 * table["lightness"][1]
    # Without labels there are no objects to compare.
    assert not [r for r in section.results if r.name.startswith("fidelity.crop")]


def test_slices_of_the_real_set_are_compared_or_left_out_with_a_word(tmp_path):
    real, labels = streets(1, 60)
    times = [{"time_of_day": "day" if i < 40 else "night"} for i in range(60)]
    test = disk_set(tmp_path, "test", real, labels, attributes=times)
    ours = [{"time_of_day": "day"}] * 30
    synthetic = disk_set(tmp_path, "synthetic", *streets(2, 30), attributes=ours)
    study = make_study(tmp_path / "out", synthetic, test)
    section = fidelity(study, synthetic, FeatureStore(study.memo, QuickFeatures()), silent)
    day, night = (figures(section, f"time_of_day={t}")["fidelity.kid"] for t in ("day", "night"))
    assert (day.n, day.value is None) == (30, False)
    assert (night.n, night.value) == (0, None)
    assert "left out" in night.note


def test_a_set_too_small_to_judge_says_so(tmp_path):
    study, store = study_of(tmp_path, *streets(2, 6), count=9, train=False)
    for part in (fidelity, diversity):
        section = part(study, study.synthetic[0], store, silent)
        found = figures(section)
        for name in ("fidelity.kid", "fidelity.frechet", "diversity.vendi", "diversity.recall"):
            if name in found:
                assert found[name].value is None
                assert "left out" in found[name].note
        assert not section.grids


def test_another_format_is_flagged(tmp_path):
    wide = [cv2.resize(p, (144, 72)) for p in streets(2, 24)[0]]
    study, store = study_of(tmp_path, wide, count=24, train=False)
    section = fidelity(study, study.synthetic[0], store, silent)
    assert [flag.kind for flag in section.flags] == ["aspect"]


def test_halves_cut_between_drives_or_in_the_middle():
    grey = [np.zeros((4, 4, 3), np.uint8)] * 10
    first, second = halves(memory_set("one", grey))
    assert (first.tolist(), second.tolist()) == (list(range(5)), list(range(5, 10)))
    groups = list("aaaaabbbcc")
    first, second = halves(memory_set("three", grey, groups=groups))
    assert {groups[i] for i in first} == {"a"}
    assert {groups[i] for i in second} == {"b", "c"}


def test_no_case_among_ten_blocks_is_not_none_for_sure():
    blocks = np.arange(20) // 2
    generator = np.random.default_rng(0)
    never = share_interval(np.zeros(20), blocks, generator)
    assert (never.value, never.low) == (0, 0)
    assert never.high == pytest.approx(0.30850, abs=1e-5)  # Clopper-Pearson, 0 of 10
    always = share_interval(np.ones(20), blocks, generator)
    assert (always.value, always.low) == (1, pytest.approx(1 - never.high))
    half = share_interval(blocks % 2 * 1.0, blocks, generator)
    assert 0 < half.low < 0.5 < half.high < 1


# --- diversity ---------------------------------------------------------------------------------


def test_variety_like_the_real_one_is_no_collapse(alike):
    study, store, _, _ = alike
    section = diversity(study, study.synthetic[0], store, silent)
    found = figures(section)
    assert not section.flags
    assert found["diversity.vendi"].n == found["diversity.vendi_real"].n == COUNT
    assert found["diversity.coverage"].value > 0.5
    assert found["diversity.duplicates"].value == 0


def test_a_few_scenes_over_and_over_are_a_collapse_and_duplicates(tmp_path):
    scenes, labels = streets(2, 2)
    generator = np.random.default_rng(5)
    pictures = [
        np.clip(scenes[i % 2] + generator.normal(0, 2, scenes[0].shape), 0, 255).astype(np.uint8)
        for i in range(COUNT)
    ]
    study, store = study_of(tmp_path, pictures, [labels[i % 2] for i in range(COUNT)])
    section = diversity(study, study.synthetic[0], store, silent)
    found = figures(section)
    assert {flag.kind for flag in section.flags} == {"mode_collapse", "duplicates"}
    assert found["diversity.duplicates"].value == 1
    assert found["diversity.recall"].value < found["diversity.recall_real"].value
    assert found["diversity.coverage"].value < found["diversity.coverage_real"].value


def test_repeats_in_time_are_no_fault_but_counted(tmp_path):
    scenes = streets(2, COUNT // 2)[0]
    pictures = [scenes[i // 2] for i in range(COUNT)]
    study, store = study_of(tmp_path, pictures, train=False)
    section = diversity(study, study.synthetic[0], store, silent)
    found = figures(section)
    assert found["diversity.duplicates"].value == 0
    assert found["diversity.duplicates_consecutive"].value == 1
    assert "duplicates" not in {flag.kind for flag in section.flags}


def test_spread_lies_between_scenes_where_each_repeats_one_picture(tmp_path):
    scenes = streets(2, 4)[0]
    pictures = [scenes[i // 10] for i in range(40)]
    groups = [f"scene{i // 10}" for i in range(40)]
    attributes = [{"scenario": f"scenario{i // 20}"} for i in range(40)]
    study, store = study_of(tmp_path, pictures, groups=groups, attributes=attributes, train=False)
    section = diversity(study, study.synthetic[0], store, silent)
    found = figures(section)
    assert found["diversity.spread_within_scene"].value == pytest.approx(0, abs=1e-9)
    assert 0 < found["diversity.spread_within_scenario"].value < 1
    assert [row[:2] for row in section.tables[0].rows] == [("scenario0", 20), ("scenario1", 20)]


# --- with the network --------------------------------------------------------------------------

REAL = 24
SIGMAS = (0.4, 0.8, 1.5)
NOISES = (10.0, 25.0, 60.0)


@pytest.fixture(scope="module")
def seen():
    """Return the built-in network's features of streets, and of ever worse copies of others."""
    extractor = make_extractor()
    real, others = streets(1, REAL)[0], streets(2, REAL)[0]
    generator = np.random.default_rng(7)

    def noisy(picture, deviation):
        grain = generator.normal(0, deviation, picture.shape)
        return np.clip(picture + grain, 0, 255).astype(np.uint8)

    sets = {
        "real": real,
        "others": others,
        "flat": [np.full_like(p, p.mean(axis=(0, 1))) for p in others],
        **{("blur", s): [cv2.GaussianBlur(p, (0, 0), s) for p in others] for s in SIGMAS},
        **{("noise", d): [noisy(p, d) for p in others] for d in NOISES},
    }
    numbers = np.arange(REAL)
    return {
        name: FeatureSet(extractor(pictures), numbers, numbers) for name, pictures in sets.items()
    }


@pytest.mark.slow
@pytest.mark.parametrize("measure", ["kid", "frechet"])
@pytest.mark.parametrize(("kind", "strengths"), [("blur", SIGMAS), ("noise", NOISES)])
def test_worse_copies_rank_worse_in_order_and_flat_ones_last(seen, measure, kind, strengths):
    def distance(name):
        if measure == "kid":
            return kid(seen["real"], seen[name], np.random.default_rng(0))
        return frechet(seen["real"].features, seen[name].features)

    ranks = [distance("others"), *(distance((kind, s)) for s in strengths)]
    assert ranks == sorted(ranks)
    assert ranks[0] < 0.5 * ranks[-1]
    if kind == "blur":
        assert distance("flat") > ranks[-1]


@pytest.mark.slow
def test_the_network_cant_tell_streets_from_streets(seen):
    interval = kid_interval(seen["real"], seen["others"], np.random.default_rng(0))
    assert interval.low <= 0.005
    worse = kid_interval(seen["real"], seen["blur", SIGMAS[-1]], np.random.default_rng(0))
    assert worse.low > interval.high
