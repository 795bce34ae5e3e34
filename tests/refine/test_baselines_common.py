"""What baselines share: budgets, seeds, frames of any size, and files."""

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from scenegen.errors import InputError, ScenegenError
from scenegen.evaluate.memo import Memo
from scenegen.refine.baselines.common import ByWidth, class_count, hot_of, run_steps, seeded
from scenegen.refine.baselines.state import State, read_state, write_state
from scenegen.refine.pictures import open_pictures
from scenegen.refine.protocol import Budget, Shown
from tests.refine.street_sets import street_set


def _silent(share, loss):
    pass


def test_steps_end_by_number_and_tell_their_share():
    shares, heard = [], []

    def step(number, share):
        shares.append(share)
        return float(number)

    taken = run_steps(Budget(60, 4), lambda share, loss: heard.append((share, loss)), step)
    assert taken == 4
    assert shares == [0.0, 0.25, 0.5, 0.75]
    assert heard[-1] == (1.0, 3.0)


def test_steps_end_by_the_clock():
    assert run_steps(Budget(0.0, 4), _silent, lambda number, share: 0.0) == 0
    assert run_steps(Budget(60, 0), _silent, lambda number, share: 0.0) == 0
    assert run_steps(Budget(0.05), _silent, lambda number, share: 0.0) > 0


def test_a_loss_that_is_no_number_ends_training():
    with pytest.raises(ScenegenError, match="step 3: the loss is nan"):
        run_steps(Budget(60, 9), _silent, lambda number, share: 0.0 if number < 2 else np.nan)


def test_weights_belong_to_their_words():
    def weights(*words):
        with seeded(*words):
            return torch.nn.Linear(3, 2).weight

    before = torch.random.get_rng_state()
    assert torch.equal(weights("a", 0), weights("a", 0))
    assert not torch.equal(weights("a", 0), weights("a", 1))
    assert torch.equal(torch.random.get_rng_state(), before)


def test_detail_of_larger_frames_stays_and_strange_classes_are_void():
    seen = []

    def darker(frame, seed):
        seen.append(frame)
        return frame.rgb - 20

    rgb = np.full((48, 64, 3), 120, np.uint8)
    rgb[::2, ::2] = 160
    ids = np.full((48, 64), 3, np.uint8)
    ids[:24] = 1
    made = ByWidth(State("dark", {}, {}), 32, 2, darker)([Shown(rgb, ids)], [0])
    assert seen[0].rgb.shape == (24, 32, 3)
    assert set(np.unique(seen[0].semantic)) == {1, 255}
    assert np.array_equal(made[0], rgb - 20)


def test_classes_are_counted_without_void(tmp_path):
    pictures = open_pictures(street_set("photos", 2, True), "real", (32, 24), Memo(tmp_path))
    assert class_count(pictures) == 4
    planes = hot_of(torch.tensor([[[0, 3], [255, 4]]]), 4)
    assert planes[0].argmax(0).tolist() == [[0, 3], [4, 4]]


def test_states_go_through_their_file(tmp_path):
    state = State("some", {"width": 32}, {"b": torch.ones(2), "a": torch.zeros(3)})
    write_state(tmp_path / "s.safetensors", state)
    again = read_state(tmp_path / "s.safetensors")
    assert again.digest == state.digest
    assert (again.name, again.settings) == ("some", {"width": 32})
    assert State("some", {"width": 33}, state.tensors).digest != state.digest
    assert State("some", state.settings, {**state.tensors, "b": torch.zeros(2)}).digest != (
        state.digest
    )


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda p: p.write_bytes(b"\x80\x04"), "can't be read"),
        (lambda p: p.unlink(missing_ok=True), "can't be read"),
        (lambda p: save_file({"a": torch.zeros(1)}, p), "its format is 'none'"),
    ],
)
def test_files_that_are_no_baselines_are_named(tmp_path, damage, message):
    path = tmp_path / "s.safetensors"
    damage(path)
    with pytest.raises(InputError, match=message) as caught:
        read_state(path)
    assert str(path) in str(caught.value)
