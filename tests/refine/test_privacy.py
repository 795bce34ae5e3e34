"""A refiner that remembers its few pictures is found out, one that knows none is not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from scenegen.errors import InputError
from scenegen.evaluate.feature_spec import F32
from scenegen.evaluate.feature_store import FeatureStore
from scenegen.evaluate.images import U8
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.measures.membership import area
from scenegen.evaluate.members import training_set
from scenegen.evaluate.study import Study
from scenegen.refine import privacy as module
from scenegen.refine.pictures import open_pictures
from scenegen.refine.presets import TrainingSettings
from scenegen.refine.privacy import LEVELS, denoising_losses, refiner_privacy, remembered
from scenegen.refine.spec import NetworkSpec, RefinerSpec
from scenegen.refine.trainer import Trainer
from scenegen.refine.weights import Stored, read_weights, write_weights
from tests.evaluate.memory_sets import SPACE, make_study, memory_set, scenery

SPEC = RefinerSpec(
    network=NetworkSpec(classes=SPACE.names, widths=(16, 16), attention=False),
    size=(32, 24),
    sigma_data=0.4,
)
SETTINGS = TrainingSettings(steps=90, batch=4, crop=(32, 24), rate=4e-3, warmup=5, ema=0.9)
KNOWN = 4


class Means:
    """Mean colours of a 2x2 grid."""

    name = "means"
    digest = "means"
    dimension = 12

    def __call__(self, pictures: Sequence[U8]) -> F32:
        rows = [p.reshape(2, 12, 2, 16, 3).mean(axis=(1, 3)).ravel() for p in pictures]
        return np.array(rows, np.float32).reshape(-1, self.dimension)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """One drive of photographs without classes, of which four are trained on."""
    folder = tmp_path_factory.mktemp("study")
    drive = photographs("drive", 16)
    train, val = drive.subset(range(KNOWN)), drive.subset(range(KNOWN, 16))
    return make_study(folder, photographs("made", 6), photographs("other", 4), train, val)


def photographs(name: str, count: int) -> MappedSet:
    pictures = [scenery(np.random.default_rng([len(name), k]), (32, 24), 6) for k in range(count)]
    return memory_set(name, pictures, [np.zeros((24, 32), np.uint8)] * count)


def stored(study: Study, steps: int, name: str) -> Stored:
    pictures = open_pictures(training_set(study), "real", SPEC.size, study.memo)
    trainer = Trainer(SPEC, SETTINGS, [pictures], 0)
    for _ in range(steps):
        trainer.advance()
    path = study.out / f"{name}.safetensors"
    write_weights(path, SPEC, trainer.averaged, {})
    return read_weights(path)


@pytest.fixture(scope="module")
def untrained(study: Study) -> Stored:
    return stored(study, 0, "untrained")


@pytest.mark.slow
def test_an_overfitted_refiner_is_found_out(study: Study) -> None:
    known = remembered(study, stored(study, SETTINGS.steps, "overfitted"))
    losses = known.losses("refiner")
    assert area(-losses.members, -losses.others) > 0.85
    strongest = LEVELS.index(3.0)  # where a picture must be known to be told from noise
    assert area(-known.members[:, strongest], -known.others[:, strongest]) > 0.9


def test_an_untrained_refiner_remembers_nothing(study: Study, untrained: Stored) -> None:
    known = remembered(study, untrained)
    assert known.members.shape == (KNOWN, len(LEVELS))
    assert known.others.shape == (12, len(LEVELS))
    losses = known.losses("refiner")
    assert 0.15 < area(-losses.members, -losses.others) < 0.85


def test_losses_depend_on_the_picture_alone(study: Study, untrained: Stored) -> None:
    assert study.val is not None
    pictures = open_pictures(study.val, "real", SPEC.size, study.memo)
    model = untrained.denoiser()
    whole = denoising_losses(model, pictures.subset([2, 5]), 0)
    assert np.array_equal(whole[1:], denoising_losses(model, pictures.subset([5]), 0))
    assert not np.array_equal(whole, denoising_losses(model, pictures.subset([2, 5]), 1))


def test_the_section_has_the_figures_by_level(
    study: Study, untrained: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FeatureStore(study.memo, Means())
    section = refiner_privacy(study, study.synthetic[0], store, untrained)
    names = {(r.name, r.slice) for r in section.results}
    for level in LEVELS:
        assert ("privacy.denoising_auc", f"noise={level:g}") in names
        assert ("privacy.denoising_tpr", f"noise={level:g}") in names
    assert {"privacy.loss_auc", "privacy.membership_auc", "privacy.patch_nearer_train"} <= {
        r.name for r in section.results
    }
    assert section.tables[-1].rows
    # What a model says of pictures is worked out once.
    monkeypatch.setattr(module, "denoising_losses", None)
    again = refiner_privacy(study, study.synthetic[0], store, untrained)
    assert again.results == section.results


def test_a_refiner_of_other_classes_is_refused(study: Study, tmp_path: Path) -> None:
    network = NetworkSpec(classes=("sea", "ship"), widths=(8, 8))
    spec = SPEC.model_copy(update={"network": network})
    path = tmp_path / "w.safetensors"
    write_weights(path, spec, Trainer(spec, SETTINGS, [], 0).averaged, {})
    with pytest.raises(InputError, match="knows the classes sea, ship"):
        remembered(study, read_weights(path))
