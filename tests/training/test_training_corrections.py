"""The second look: the model's own result comes in as the coarse mask, some with a sure stroke."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from spn_annotator.training.corrections import second_pass, takes_second_look
from spn_annotator.training.data import Steps, read_entries
from tests.training.recipes import CONFIG

ALWAYS = CONFIG.model_copy(update={"correction": 1.0, "images_per_step": 3})
NEVER = CONFIG.model_copy(update={"correction": 0.0, "images_per_step": 3})


@pytest.fixture
def entries(data):
    return read_entries(data, "train")


def wrong(batch):
    """Return a result that misses a band of each object and adds one."""
    return batch.truth.roll(9, -1)[:, None]


def test_the_result_becomes_the_mask_and_everything_is_known(entries):
    batch = Steps(entries, NEVER)[0]
    guess = wrong(batch)
    again = second_pass(batch, guess, NEVER, step=0)
    assert torch.equal(again.planes[:, 0] > 0, guess[:, 0] > 0.5)
    assert (again.planes[:, 1] == 1).all()
    assert not again.planes[:, 6].any()
    assert torch.equal(again.truth, batch.truth)
    assert again.planes.shape == batch.planes.shape


def test_a_sure_stroke_is_true_lies_in_an_error_and_counts_in_the_mask(entries):
    batch = Steps(entries, ALWAYS)[0]
    guess = wrong(batch)
    again = second_pass(batch, guess, ALWAYS, step=0)
    corrected = 0
    for i in range(len(guess)):
        sure = again.planes[i, 6]
        where = sure != 0
        assert torch.equal(sure[where] > 0, batch.truth[i][where] > 0.5)
        assert torch.equal(again.planes[i, 0][where], sure[where])
        corrected += bool((where & ((guess[i, 0] > 0.5) != (batch.truth[i] > 0.5))).any())
    assert corrected >= len(guess) - 1  # an object of one colour may have come out whole


def test_the_share_of_a_process_is_corrected_as_in_the_whole(entries):
    whole = Steps(entries, ALWAYS)[4]
    expected = second_pass(whole, wrong(whole), ALWAYS, step=4).planes
    share = Steps(entries, ALWAYS, rank=1, size=2)[4]
    found = second_pass(share, wrong(share), ALWAYS, step=4).planes
    assert torch.equal(found, expected[2:4])


def test_as_many_steps_look_twice_as_the_recipe_says():
    config = CONFIG.model_copy(update={"second_pass": 0.3})
    looks = [takes_second_look(config, step) for step in range(2000)]
    assert np.mean(looks) == pytest.approx(0.3, abs=0.04)
    other = config.model_copy(update={"seed": 2})
    assert looks[:100] == [takes_second_look(config, step) for step in range(100)]
    assert looks[:100] != [takes_second_look(other, step) for step in range(100)]
