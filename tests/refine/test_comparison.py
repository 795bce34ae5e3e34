"""Judging methods: what copies reality gains, what collapses or moves labels shows."""

from dataclasses import replace

import numpy as np
import pytest

from scenegen.evaluate.feature_store import FeatureSet, FeatureStore
from scenegen.evaluate.measures.kid import kid, kid_interval
from scenegen.evaluate.memo import Memo
from scenegen.evaluate.statistics import Interval
from scenegen.refine.comparison.bench import Bench, BenchSettings, less, relative
from scenegen.refine.comparison.estimates import Chance, Estimate, without_groups
from scenegen.refine.comparison.record import Figure, MethodResult, RefinerComparison
from scenegen.refine.comparison.table import grid, markdown
from scenegen.refine.comparison.translated import parted, translate, translated_set
from scenegen.seeds import named_generator
from tests.evaluate.memory_sets import Held
from tests.refine.quick_judges import Thumbnails, maker, quick_gate
from tests.refine.street_sets import street_picture, street_set

SEEDS = (0, 1)


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    memo = Memo(tmp_path_factory.mktemp("kept"))
    train, val, test = (_scenes(street_set(name, 24, True)) for name in ("train", "val", "test"))
    held = _scenes(street_set("renders", 24, False))
    settings = BenchSettings(SEEDS, steps=3, width=64)
    store, gate = FeatureStore(memo, Thumbnails()), quick_gate(val, train)
    return Bench(train, test, held, gate, store, maker([]), settings)


def _scenes(mapped, length=4):
    """Return a set of scenes of a few frames each, twice as large so that cars are judged."""
    held = mapped.images.loader
    twice = [
        {i: _doubled(array) for i, array in kind.items()} for kind in (held.pictures, held.labels)
    ]
    records = tuple(
        replace(r, group=f"{mapped.name}-{r.order // length}", order=r.order % length)
        for r in mapped.records
    )
    images = replace(mapped.images, records=records, loader=Held(*twice))
    return replace(mapped, images=images, block_length=length)


def _painted(mapped, name, paint):
    """Return a set whose pictures are `paint(labels, picture, id)`."""
    old = mapped.images.loader
    made = {i: paint(old.labels[i], old.pictures[i], f"{name} {i}") for i in old.pictures}
    return replace(mapped, name=name, images=replace(mapped.images, loader=Held(made, old.labels)))


def _real_look(ids, rgb, word):
    return _doubled(street_picture(ids[::2, ::2], word, real=True))


def _doubled(array):
    return array.repeat(2, axis=0).repeat(2, axis=1)


@pytest.fixture(scope="module")
def found(bench):
    raw = bench.frames([bench.held])
    real_look = [_painted(bench.held, f"look{s}", _real_look) for s in SEEDS]
    one = street_picture(np.zeros((96, 128), np.uint8), "one", real=True)
    stuck = [_painted(bench.held, f"stuck{s}", lambda ids, rgb, word: one) for s in SEEDS]
    moved = _painted(bench.held, "moved", lambda ids, rgb, word: np.roll(rgb, 40, axis=1))
    return {
        "raw": raw,
        "look": bench.frames(real_look),
        "stuck": bench.frames(stuck),
        "moved": bench.frames([moved]),
        "real": bench.photographs(),
    }


def test_what_looks_real_is_nearer_to_photographs(found):
    share = relative(found["look"], found["raw"])["fidelity.kid_share"].interval()
    assert share.high < 0.5
    gain = less(found["look"], found["raw"])
    assert gain["fidelity.kid"].interval().high < 0
    assert gain["utility.miou"].interval().low > 0
    assert found["real"]["fidelity.kid"].value < 0.1 * found["raw"]["fidelity.kid"].value


def test_a_collapse_shows(found):
    stuck, look = found["stuck"], found["look"]
    assert stuck["diversity.vendi"].value == pytest.approx(1.0, abs=1e-6)
    assert stuck["diversity.spread"].value == pytest.approx(0.0, abs=1e-9)
    # Six blocks without a hit can't say that there are none: 1 - 0.025^(1/6).
    assert stuck["diversity.recall"].interval().high == pytest.approx(0.459, abs=1e-3)
    assert stuck["diversity.recall"].value == 0.0
    assert stuck["diversity.seeds"].interval().high == pytest.approx(0.0, abs=1e-6)
    assert look["diversity.recall"].value > 0.5
    assert look["diversity.seeds"].value > 0.01
    assert look["diversity.vendi"].value > 1.04
    assert less(stuck, look)["diversity.spread"].interval().high < 0


def test_moved_labels_show(found):
    assert found["raw"]["drift.objects"].value == 1.0
    assert found["look"]["drift.objects"].value > 0.9
    assert found["moved"]["drift.objects"].value < 0.2
    assert found["look"]["drift.share"].value > 0.9
    drift = less(found["moved"], found["raw"])
    assert drift["drift.miou"].interval().high < 0


def test_the_distance_is_the_one_that_evaluate_tells(bench, found):
    raw, test = bench.store.frames(bench.held), bench.store.frames(bench.test)
    expected = kid(raw, test, named_generator("any"))
    assert found["raw"]["fidelity.kid"].value == pytest.approx(expected, rel=1e-9)
    told = kid_interval(raw, test, named_generator("any"))
    mine = found["raw"]["fidelity.kid"].interval()
    assert mine.high - mine.low == pytest.approx(told.high - told.low, rel=0.3)


def test_equal_words_pair():
    blocks = np.arange(30) // 3
    chance = Chance(0, 1)
    values = named_generator("values").normal(size=(1, 30))
    noise = 0.01 * named_generator("noise").normal(size=(1, 30))
    both = [chance.mean(v, "frames", blocks) for v in (values, values + 0.1 + noise)]
    gain = both[1].minus(both[0]).interval()
    assert gain.low > 0.09
    assert gain.high < 0.11
    alone = both[0].interval()
    assert alone.high - alone.low > 0.3


def test_leaving_out_groups_is_the_textbook_jackknife():
    values = named_generator("jackknife").normal(size=(10, 1)).astype(np.float32)
    rows = np.arange(10)
    found = without_groups(lambda one: float(one.features.mean()), [FeatureSet(values, rows, rows)])
    half = found.interval().high - found.value
    assert half == pytest.approx(2.262157 * values.std(ddof=1) / np.sqrt(10), rel=1e-5)
    point = Estimate(2.0, np.array([]), "jackknife")
    assert point.interval() == Interval(2.0, 2.0, 2.0)


def test_scenes_are_parted_whole():
    frames = _scenes(street_set("renders", 24, False))
    learned, held = parted(frames)
    first, second = ({r.group for r in part.records} for part in (learned, held))
    assert not first & second
    assert second == {"renders-4"}
    assert len(learned) + len(held) == 24
    few = frames.where(lambda record: record.group in {"renders-0", "renders-1"})
    assert {r.group for r in parted(few)[1].records} == {"renders-1"}
    with pytest.raises(ValueError, match="one scene"):
        parted(held)


def test_translated_frames_keep_their_labels(bench, tmp_path):
    class Brighter:
        name, digest = "brighter", "brighter 1"

        def __call__(self, frames, seeds):
            assert len(set(seeds)) == len(seeds)
            return [np.clip(f.rgb.astype(int) + 20, 0, 255).astype(np.uint8) for f in frames]

    seconds = translate(Brighter(), bench.held, 3, tmp_path, lambda share, note: None)
    assert seconds > 0
    made = translated_set(bench.held, "brighter", tmp_path, "brighter 1 3")
    assert np.array_equal(made.semantic(5), bench.held.semantic(5))
    change = made.image(5).astype(int) - bench.held.image(5)
    assert set(np.unique(change)) <= {20, *range(20)}
    assert made.blocks.tolist() == bench.held.blocks.tolist()
    assert made.digest != bench.held.digest
    assert made.subset([1]).digest != made.subset([2]).digest

    class Smaller(Brighter):
        def __call__(self, frames, seeds):
            return [f.rgb[::2] for f in frames]

    with pytest.raises(ValueError, match="a translator made"):
        translate(Smaller(), bench.held, 3, tmp_path, lambda share, note: None)


def test_tables_tell_figures_differences_and_costs():
    figure = Figure(value=0.1, low=0.05, high=0.2)
    rows = (
        MethodResult(name="raw", kind="raw", figures={"fidelity.kid": figure}),
        MethodResult(
            name="fda",
            kind="recipe",
            training_s=61.4,
            frame_s=0.02,
            parameters=1200,
            size_bytes=4_800_000,
            figures={"fidelity.kid": figure},
            less={"raw": {"fidelity.kid": Figure(value=-0.02, low=-0.04, high=0.01)}},
        ),
    )
    text = markdown(
        RefinerComparison(
            scenegen_version="0", config={}, sets=(), models={}, methods=rows, seconds={}
        )
    )
    assert "| fda | 0.100 (0.050 to 0.200) |" in text
    assert "## Less what raw reaches" in text
    assert "| fda | -0.020 (-0.040 to +0.010) |" in text
    assert "| fda | 61 s | 0.020 s | 1,200 | 4.8 MB |" in text
    assert "recall" not in text


def test_the_grid_has_a_column_a_method():
    pictures = [np.full((30, 40, 3), value, np.uint8) for value in (10, 200)]
    drawn = grid([("raw", pictures), ("fda", pictures[::-1])], width=40)
    assert drawn.shape[1] == 2 * 44
    assert drawn[30, 20].tolist() == [10] * 3
    assert drawn[30, 64].tolist() == [200] * 3
    assert (drawn[:20, :40] < 200).any()  # its name
