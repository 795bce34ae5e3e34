"""The built-in segmentation model: its encoder, its views of pictures, that it learns."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from efficientnet_lite_pytorch import EfficientNet
from hypothesis import given
from hypothesis import strategies as st

from scenegen.evaluate.measures.confusion import confusions, iou, mean_over_classes
from scenegen.evaluate.memo import Memo
from scenegen.evaluate.utility.augment import Augmentation, relight
from scenegen.evaluate.utility.encoder import STAGES, Encoder, weights_path
from scenegen.evaluate.utility.prepared import Prepared, prepare
from scenegen.evaluate.utility.protocol import Part, TrainingData
from scenegen.evaluate.utility.pyramid import as_tensor
from scenegen.evaluate.utility.segmenter import Segmenter, SegmenterSettings, _loss
from tests.evaluate.memory_sets import memory_set


def test_the_encoder_equals_the_makers_network():
    # At 225 px every strided layer's padding is the same on both sides, as the encoder's is.
    makers = EfficientNet.from_name("efficientnet-lite0", image_size=225)
    makers.load_state_dict(torch.load(weights_path(), weights_only=True))
    makers.eval()
    images = torch.from_numpy(
        np.random.default_rng(0).uniform(0, 255, (1, 3, 225, 225)).astype(np.float32)
    )
    with torch.no_grad():
        x = torch.clamp(makers._bn0(makers._conv_stem((images - 127) / 128)), 0, 6)
        theirs = []
        for block in makers._blocks:
            x = block(x)
            theirs.append(x)
        ours = Encoder()(images)
    for found, (stride, end, channels) in zip(ours, STAGES, strict=True):
        assert found.shape[1:] == (channels, -(-225 // stride), -(-225 // stride))
        assert torch.allclose(found, theirs[end - 1], atol=1e-3)


def test_the_first_blocks_stay_as_they_are():
    encoder = Encoder(frozen=2)
    trained = [any(p.requires_grad for p in block.parameters()) for block in encoder.blocks]
    assert trained == [False] * 2 + [True] * 14
    assert not any(p.requires_grad for p in encoder.stem.parameters())


def squares(folder: Path, count: int, seed: int, shuffled: bool = False) -> Prepared:
    """Return pictures (96 by 64) of bright squares on dark ground, two classes."""
    generator = np.random.default_rng(seed)
    pictures, labels = [], []
    for _ in range(count):
        ids = np.zeros((64, 96), np.uint8)
        left, top = generator.integers(0, 60), generator.integers(0, 30)
        ids[top : top + 32, left : left + 32] = 1
        noise = generator.normal(0, 15, (64, 96, 3))
        pictures.append(np.clip(60 + 120 * ids[..., None] + noise, 0, 255).astype(np.uint8))
        labels.append(generator.permutation(ids.ravel()).reshape(64, 96) if shuffled else ids)
    mapped = memory_set(f"squares {seed}", pictures, labels)
    return prepare(mapped, "semantic", (96, 64), Memo(folder))


def mean_iou(model: Segmenter, pictures: Prepared) -> float:
    predicted = model.predict(pictures.images(slice(None)))
    matrix = confusions(predicted, pictures.semantic(slice(None)), 3).sum(axis=0)
    return float(mean_over_classes(iou(matrix)))


SMALL = SegmenterSettings(
    batch=4, frozen=11, width=16, rate=1e-2, warmup=2, augmentation=Augmentation(crop=1.0)
)
CLASSES = ("road", "car", "person")


@pytest.mark.slow
def test_it_learns_what_it_is_shown_and_nothing_from_wrong_labels(tmp_path: Path):
    test = squares(tmp_path, 6, 1)
    model, misled = Segmenter(CLASSES, 0, SMALL), Segmenter(CLASSES, 0, SMALL)
    model.fit(TrainingData((Part(squares(tmp_path, 8, 2)),)), 16, 0)
    misled.fit(TrainingData((Part(squares(tmp_path, 8, 3, shuffled=True)),)), 16, 0)
    assert mean_iou(model, test) > 0.75

    assert mean_iou(misled, test) < 0.6


@pytest.mark.slow
def test_equal_seeds_give_equal_predictions_and_leave_torchs_own_numbers_alone(tmp_path: Path):
    data = TrainingData((Part(squares(tmp_path, 4, 2)),))
    images = squares(tmp_path, 2, 1).images(slice(None))
    before = torch.random.get_rng_state()
    found = []
    for seed in (5, 5, 6):
        model = Segmenter(CLASSES, seed, SMALL)
        model.fit(data, 2, seed)
        found.append(model.network(as_tensor(images, "cpu")).detach().numpy())
    assert np.array_equal(found[0], found[1])
    assert not np.array_equal(found[0], found[2])
    assert torch.equal(before, torch.random.get_rng_state())


@pytest.mark.slow
def test_a_second_fit_goes_on_from_the_first(tmp_path: Path):
    data = TrainingData((Part(squares(tmp_path, 4, 2)),))
    model = Segmenter(CLASSES, 0, SMALL)
    model.fit(data, 8, 0)
    good = mean_iou(model, squares(tmp_path, 4, 1))
    model.fit(data, 1, 1)
    assert mean_iou(model, squares(tmp_path, 4, 1)) > good - 0.2


def test_the_digest_says_what_decides_the_result():
    plain = Segmenter(CLASSES, 0, SMALL).digest
    assert plain != Segmenter(CLASSES[:2], 0, SMALL).digest
    assert plain != Segmenter(CLASSES, 0, replace(SMALL, rate=2e-2)).digest


def test_a_batch_of_ignored_pixels_costs_nothing():
    labels = torch.full((1, 8, 8), 255, dtype=torch.long)
    scores = torch.randn(1, 3, 2, 2, requires_grad=True)
    _loss(scores, labels).backward()
    assert scores.grad is not None
    assert not scores.grad.any()


@given(st.integers(0, 999))
def test_views_keep_pictures_and_labels_together(seed: int):
    generator = np.random.default_rng(seed)
    labels = np.zeros((2, 48, 64), np.uint8)
    labels[:, 10:30, 16:40] = 1
    images = np.repeat((labels * 200)[..., None], 3, axis=3)
    views, ids = Augmentation(light=0.0).views(images, labels, generator)
    assert views.shape[:3] == ids.shape == (2, 32, 64) or ids.shape == (2, 32, 32)
    apart = (views[..., 0] > 100) != (ids == 1)
    assert apart.mean() < 0.08  # only where an edge is interpolated


def test_light_varies_within_its_bounds():
    picture = np.full((4, 4, 3), 100, np.uint8)
    means = [relight(picture, 0.25, np.random.default_rng(i)).mean() for i in range(50)]
    assert 74 <= min(means) < 90
    assert 110 < max(means) <= 125
    assert np.array_equal(relight(picture, 0.0, np.random.default_rng(0)), picture)
