"""The refinement session: its contract on any model, and what the shipped one does."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import ndimage

from spn_annotator.cv import cv2
from spn_annotator.errors import CallOrderError, ModelFileError, ShapeError, UsageError
from spn_annotator.network import ModelConfig, SpnRefiner, save_model
from spn_annotator.refine import Refiner, resolve_device
from spn_annotator.refine.labels import LevelResult
from tests.refine.test_levels import tiles


@pytest.fixture(scope="module")
def small_model(tmp_path_factory):
    """Return a model with random heads: the contract holds for whatever a network says."""
    torch.manual_seed(0)
    model = SpnRefiner(ModelConfig(image_widths=(8, 8, 8, 8, 8), mask_widths=(8, 8, 8, 8, 8)))
    for head in (model.unary_head, model.keep_head, model.merge_head, model.tie_head):
        torch.nn.init.normal_(head.weight, std=0.2)
    path = tmp_path_factory.mktemp("model") / "random.safetensors"
    save_model(model, path)
    return path


@pytest.fixture
def refiner(small_model):
    return Refiner(small_model, device="cpu")


@pytest.fixture(scope="module")
def shipped():
    return Refiner(device="cpu")


def scene(height=120, width=150, seed=0):
    """Return an image with three textured objects on a textured ground, and its label map."""
    rng = np.random.default_rng(seed)
    labels = np.zeros((height, width), np.uint8)
    unit = min(height, width) // 12
    cv2.circle(labels, (width // 4, height // 3), 2 * unit, 1, -1)
    cv2.rectangle(labels, (width // 2, height // 2), (width - unit, height - unit), 2, -1)
    corners = np.array([[width // 2, unit], [width - unit, 2 * unit], [2 * width // 3, 5 * unit]])
    cv2.fillPoly(labels, [corners.astype(np.int32)], 3)
    colours = np.array([[80, 110, 90], [190, 80, 60], [70, 90, 180], [210, 190, 70]])
    rgb = colours[labels] + rng.normal(0, 10, (height, width, 3))
    return np.clip(rgb, 0, 255).astype(np.uint8), labels


def moved(labels, dx=4, dy=3):
    return np.roll(np.roll(labels, dx, 1), dy, 0)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_what_comes_back_has_the_form_of_what_went_in(refiner, dtype):
    rgb, labels = scene()
    refiner.set_image(rgb)
    coarse = (labels * 50).astype(dtype)
    proposal = refiner.refine(coarse)
    assert proposal.label_map.dtype == dtype
    assert proposal.label_map.shape == labels.shape
    assert set(np.unique(proposal.label_map)) <= set(np.unique(coarse))
    assert proposal.confidence.shape == labels.shape
    assert proposal.confidence.dtype == np.float32
    assert 0 <= proposal.confidence.min() <= proposal.confidence.max() <= 1
    assert set(proposal.probabilities) == {0, 50, 100, 150}
    for plane in proposal.probabilities.values():
        assert plane.shape == labels.shape
        assert 0 <= plane.min() <= plane.max() <= 1
    assert proposal.changed == np.count_nonzero(proposal.label_map != coarse)
    assert proposal.device == "cpu"


def test_the_inputs_are_left_as_they_were(refiner):
    rgb, labels = scene()
    sure = np.full_like(labels, 255)
    sure[:5] = 0
    copies = rgb.copy(), labels.copy(), sure.copy()
    refiner.set_image(rgb)
    refiner.refine(labels, sure=sure)
    for array, copy in zip((rgb, labels, sure), copies, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_the_same_input_gives_the_same_output(small_model, refiner):
    rgb, labels = scene()
    refiner.set_image(rgb)
    first = refiner.refine(moved(labels))
    refiner.refine(labels)
    again = refiner.refine(moved(labels))
    other = Refiner(small_model, device="cpu")
    other.set_image(rgb)
    for result in (again, other.refine(moved(labels))):
        np.testing.assert_array_equal(result.label_map, first.label_map)
        np.testing.assert_array_equal(result.confidence, first.confidence)


def test_unknown_pixels_are_decided_and_unknown_is_no_label(refiner):
    rgb, labels = scene()
    refiner.set_image(rgb)
    coarse = labels.copy()
    coarse[40:90, 30:120] = 255
    found = refiner.refine(coarse).label_map
    assert not (found == 255).any()
    assert set(np.unique(found)) <= {0, 1, 2, 3}
    wide = coarse.astype(np.uint16)
    wide[coarse == 255] = 65535
    np.testing.assert_array_equal(refiner.refine(wide).label_map, found)


def test_unknown_can_be_another_value_or_none(refiner):
    rgb, labels = scene()
    refiner.set_image(rgb)
    coarse = labels.copy()
    coarse[coarse == 3] = 255
    assert (refiner.refine(coarse, unknown=None).label_map == 255).any()
    coarse = labels.copy()
    coarse[40:60] = 77
    assert not (refiner.refine(coarse, unknown=77).label_map == 77).any()


def test_strokes_alone_fill_the_image(refiner):
    rgb, labels = scene()
    refiner.set_image(rgb)
    coarse = np.full_like(labels, 255)
    coarse[40, 30:40] = 1
    coarse[80:90, 100] = 2
    coarse[5, 5:60] = 0
    found = refiner.refine(coarse).label_map
    assert set(np.unique(found)) <= {0, 1, 2}
    np.testing.assert_array_equal(found[coarse != 255], coarse[coarse != 255])


def test_sure_pixels_come_back_as_given(refiner):
    rgb, labels = scene()
    refiner.set_image(rgb)
    rng = np.random.default_rng(0)
    sure = np.full_like(labels, 255)
    where = rng.random(labels.shape) < 0.1
    sure[where] = rng.integers(0, 4, np.count_nonzero(where))
    proposal = refiner.refine(moved(labels), sure=sure)
    np.testing.assert_array_equal(proposal.label_map[where], sure[where])
    assert (proposal.confidence[where] == 1).all()


def test_a_sure_stroke_can_bring_a_label_the_coarse_mask_lacks(refiner):
    rgb, labels = scene()
    refiner.set_image(rgb)
    coarse = np.where(labels == 1, 1, 0).astype(np.uint8)
    sure = np.full_like(labels, 255)
    sure[80:90, 100:110] = 9
    found = refiner.refine(coarse, sure=sure).label_map
    assert (found[80:90, 100:110] == 9).all()
    assert set(np.unique(found)) <= {0, 1, 9}


def test_only_movable_labels_gain_and_lose_pixels(shipped):
    rgb, labels = scene()
    shipped.set_image(rgb)
    coarse = moved(labels)
    coarse[0:20, 0:20] = 255
    found = shipped.refine(coarse, labels=[0, 1]).label_map
    for fixed in (2, 3):
        np.testing.assert_array_equal(found == fixed, coarse == fixed)
    assert not (found == 255).any()
    assert (found != shipped.refine(coarse).label_map).any()


def test_nothing_changes_outside_the_region(shipped):
    rgb, labels = scene()
    shipped.set_image(rgb)
    coarse = moved(labels)
    x0, y0, x1, y1 = 20, 10, 80, 70
    proposal = shipped.refine(coarse, region=(x0, y0, x1, y1))
    outside = np.ones(labels.shape, bool)
    outside[y0:y1, x0:x1] = False
    np.testing.assert_array_equal(proposal.label_map[outside], coarse[outside])
    assert proposal.changed > 0


def test_a_region_is_refined_though_the_rest_of_the_mask_is_right(shipped):
    rgb, labels = scene()
    shipped.set_image(rgb)
    coarse = labels.copy()
    y0, y1, x0, x1 = 55, 75, 95, 125  # a piece of the upper edge of the rectangle
    coarse[y0:y1, x0:x1] = moved(labels, 0, 5)[y0:y1, x0:x1]
    found = shipped.refine(coarse, region=(x0, y0, x1, y1)).label_map
    wrong = np.count_nonzero(coarse != labels)
    assert np.count_nonzero(found != labels) < 0.3 * wrong


@pytest.mark.parametrize("shape", [(1, 1), (1, 50), (50, 1), (31, 33), (64, 64), (7, 300)])
def test_odd_sizes_are_no_special_case(refiner, shape):
    rng = np.random.default_rng(0)
    refiner.set_image(rng.integers(0, 256, (*shape, 3), dtype=np.uint8))
    coarse = rng.integers(0, 3, shape, dtype=np.uint8)
    found = refiner.refine(coarse).label_map
    assert found.shape == shape
    assert set(np.unique(found)) <= set(np.unique(coarse))


def test_one_label_everywhere_stays(refiner):
    rgb, labels = scene()
    refiner.set_image(rgb)
    proposal = refiner.refine(np.full_like(labels, 7))
    assert (proposal.label_map == 7).all()
    assert proposal.changed == 0


def test_many_small_objects_each_keep_their_id(refiner):
    rgb, _ = scene(200, 200)
    objects = np.zeros((200, 200), np.uint16)
    for i in range(40):
        cv2.circle(objects, (15 + 24 * (i % 8), 20 + 36 * (i // 8)), 7, 1000 + i, -1)
    refiner.set_image(rgb)
    found = refiner.refine(objects).label_map
    assert set(np.unique(found)) <= set(np.unique(objects))


@pytest.mark.parametrize(
    ("rgb", "words"),
    [
        (np.zeros((5, 5), np.uint8), "(5, 5)"),
        (np.zeros((5, 5, 4), np.uint8), "(5, 5, 4)"),
        (np.zeros((5, 5, 3), np.float32), "float32"),
        (np.zeros((0, 5, 3), np.uint8), "empty"),
        ("image.png", "str"),
    ],
)
def test_an_unfit_image_is_named(refiner, rgb, words):
    with pytest.raises(ShapeError) as caught:
        refiner.set_image(rgb)
    assert words in str(caught.value)


def test_unfit_masks_are_named(refiner):
    rgb, labels = scene()
    with pytest.raises(CallOrderError, match="set_image"):
        refiner.refine(labels)
    refiner.set_image(rgb)
    with pytest.raises(ShapeError, match=r"coarse mask.*\(120, 150\).*\(119, 150\)"):
        refiner.refine(labels[1:])
    with pytest.raises(ShapeError, match="int64"):
        refiner.refine(labels.astype(np.int64))
    with pytest.raises(ShapeError, match="sure mask must be uint8"):
        refiner.refine(labels, sure=labels.astype(np.uint16))
    with pytest.raises(ShapeError, match="unknown everywhere"):
        refiner.refine(np.full_like(labels, 255))
    with pytest.raises(ShapeError, match="region"):
        refiner.refine(labels, region=(500, 500, 600, 600))


def test_a_failed_image_leaves_the_last_one_in_place(refiner):
    rgb, labels = scene()
    refiner.set_image(rgb)
    expected = refiner.refine(labels).label_map
    with pytest.raises(ShapeError):
        refiner.set_image(rgb[..., :2])
    np.testing.assert_array_equal(refiner.refine(labels).label_map, expected)


def test_warming_up_keeps_the_image(refiner):
    rgb, labels = scene()
    refiner.set_image(rgb)
    refiner.warm_up()
    assert refiner.refine(labels).label_map.shape == labels.shape


def test_devices_that_are_not_there_are_named():
    with pytest.raises(UsageError, match="'tpu'"):
        resolve_device("tpu")
    with pytest.raises(UsageError, match="cuda:99"):
        resolve_device("cuda:99")
    assert resolve_device("cpu") == torch.device("cpu")


def test_a_file_that_is_no_model_is_refused(tmp_path):
    path = tmp_path / "model.safetensors"
    path.write_text("hello")
    with pytest.raises(ModelFileError, match=r"model\.safetensors"):
        Refiner(path)


def test_the_shipped_model_moves_edges_to_the_objects(shipped):
    for seed in range(3):
        rgb, truth = scene(240, 300, seed)
        shipped.set_image(rgb)
        coarse = moved(truth, 6, 5)
        found = shipped.refine(coarse).label_map
        assert (found != truth).sum() < 0.35 * (coarse != truth).sum()


def test_the_shipped_model_fills_objects_from_strokes(shipped):
    rgb, truth = scene(240, 300)
    shipped.set_image(rgb)
    coarse = np.full_like(truth, 255)
    coarse[75:85, 65:85] = 1
    coarse[170:175, 180:260] = 2
    coarse[40:45, 180:220] = 3
    coarse[10:13, 10:120] = 0
    coarse[220:223, 20:120] = 0
    coarse[100:110, 120:140] = 0
    found = shipped.refine(coarse).label_map
    assert (found != truth).mean() < 0.05


def test_a_large_image_is_refined_in_tiles_without_seams(shipped):
    rgb, truth = scene(1500, 1900)
    shipped.set_image(rgb)
    coarse = moved(truth, 30, 25)
    proposal = shipped.refine(coarse)
    assert (proposal.label_map != truth).sum() < 0.3 * (coarse != truth).sum()
    # Along the borders of the tiles the result is as right as anywhere else near an outline.
    kernel = np.ones((41, 41), np.uint8)
    near = cv2.morphologyEx(truth, cv2.MORPH_GRADIENT, kernel) > 0
    wrong = (proposal.label_map != truth)[near].mean()
    edges = {x for tile in tiles(*rgb.shape[:2]) for x in (tile.x0, tile.x1)}
    assert len(edges) > 4
    for column in edges - {0, rgb.shape[1]}:
        band = near[:, column - 4 : column + 4]
        if band.any():
            there = (proposal.label_map != truth)[:, column - 4 : column + 4][band].mean()
            assert there < 3 * wrong + 0.05


def test_a_second_look_is_taken_closer_and_not_of_large_images(small_model, refiner, monkeypatch):
    rgb, labels = scene()
    labels = (labels > 0).astype(np.uint8)
    once = refiner.refine(rgb, moved(labels)).label_map
    twice = Refiner(small_model, device="cpu", rounds=2)
    found = twice.refine(rgb, moved(labels))
    assert found.label_map.shape == labels.shape
    assert (found.label_map != once).any()
    for label, probability in found.probabilities.items():
        assert probability.shape == labels.shape, label
    monkeypatch.setattr("spn_annotator.refine.session.CLOSER_SIDE", 149)
    np.testing.assert_array_equal(twice.refine(rgb, moved(labels)).label_map, once)


def test_a_second_look_holds_what_is_sure_and_adds_no_label(small_model):
    rgb, labels = scene()
    twice = Refiner(small_model, device="cpu", rounds=2)
    sure = np.full_like(labels, 255)
    sure[3:9, 5:40] = 1
    found = twice.refine(rgb, moved(labels), sure=sure).label_map
    assert (found[3:9, 5:40] == 1).all()
    assert set(np.unique(found)) <= set(np.unique(labels)) | {1}


def test_a_second_look_comes_no_less_near_to_the_truth(shipped):
    rgb, truth = scene(300, 360)
    coarse = moved(truth, 7, 6)
    once = shipped.refine(rgb, coarse).label_map
    twice = Refiner(device="cpu", rounds=2).refine(rgb, coarse).label_map
    assert (twice != truth).sum() <= 1.05 * (once != truth).sum()
    assert (once != truth).sum() < 0.3 * (coarse != truth).sum()


def test_a_mask_that_is_right_is_left_as_it_is(shipped):
    rgb, truth = scene(300, 360)
    found = shipped.refine(rgb, truth)
    assert found.changed < 0.002 * truth.size


def test_rounds_start_at_one(small_model):
    with pytest.raises(UsageError, match="rounds"):
        Refiner(small_model, rounds=0)


def test_the_expected_iou_falls_where_the_model_is_less_sure(shipped):
    rgb, labels = scene()
    shipped.set_image(rgb)
    good = shipped.refine(labels)
    shipped.set_image(cv2.GaussianBlur(rgb, (0, 0), 9))
    vague = shipped.refine(moved(labels, 9, 9))
    assert 0 < vague.expected_iou < good.expected_iou <= 1


@pytest.mark.parametrize("rounds", [1, 2])
@pytest.mark.parametrize("size", [(70, 90), (500, 700)], ids=["one-piece", "pyramid"])
def test_images_prepared_together_are_refined_as_one_by_one(small_model, size, rounds):
    refiner = Refiner(small_model, device="cpu", rounds=rounds)
    scenes = [scene(*size, seed=seed) for seed in range(2 if size[0] > 100 else 3)]
    alone = [refiner.refine(rgb, moved(labels)) for rgb, labels in scenes]
    prepared = refiner.prepare([rgb for rgb, _ in scenes])
    for image, (_, labels), expected in zip(prepared, scenes, alone, strict=True):
        refiner.set_image(image)
        found = refiner.refine(moved(labels))
        assert np.mean(found.label_map != expected.label_map) < 1e-4  # rounding
        assert np.abs(found.confidence - expected.confidence).max() < 0.02


def test_images_of_different_sizes_are_not_prepared_together(refiner):
    with pytest.raises(ShapeError, match="must have one size"):
        refiner.prepare([scene(64, 64)[0], scene(64, 96)[0]])
    assert refiner.prepare([]) == []
    with pytest.raises(ShapeError, match="must be uint8"):
        refiner.prepare([scene(64, 64)[0].astype(np.float32)])


def islands(coarse: np.ndarray, found: np.ndarray, label: int) -> int:
    """Return how many connected pieces of a label touch nothing of what it was."""
    cross = ndimage.generate_binary_structure(2, 1)
    pieces, count = ndimage.label(found == label, cross)
    near = ndimage.binary_dilation(coarse == label, cross)
    return count - np.count_nonzero(np.unique(pieces[near]))


@pytest.fixture
def scattered(monkeypatch):
    """Let the model return the coarse mask with patches of any label all over it."""

    def refine_labels(level, coarse, sure, ids, *, halve=False, **_):
        rng = np.random.default_rng(5)
        out = coarse[::2, ::2].copy() if halve else coarse.copy()
        for _ in range(60):
            y, x = rng.integers(0, out.shape[0]), rng.integers(0, out.shape[1])
            height, width = rng.integers(1, 16, 2)
            out[y : y + height, x : x + width] = rng.choice(ids)
        return LevelResult(out, np.ones(out.shape, np.float32), {})

    monkeypatch.setattr("spn_annotator.refine.session.refine_labels", refine_labels)


@pytest.mark.parametrize("region", [None, (20, 15, 110, 95)])
def test_nothing_is_added_to_a_label_away_from_it(refiner, scattered, region):
    rgb, labels = scene()
    refiner.set_image(rgb)
    found = refiner.refine(labels, region=region).label_map
    assert (found != labels).any()
    assert [islands(labels, found, label) for label in range(4)] == [0] * 4
    locked = refiner.refine(labels, region=region, labels=[0, 1, 2]).label_map
    np.testing.assert_array_equal(locked == 3, labels == 3)
    assert (locked != labels).any()
    assert [islands(labels, locked, label) for label in range(3)] == [0] * 3


@pytest.mark.parametrize("rounds", [1, 2])
def test_gaps_appear_in_an_object_and_in_several_that_were_looked_between(
    small_model, scattered, rounds
):
    rgb, labels = scene()
    refiner = Refiner(small_model, device="cpu", rounds=rounds)
    refiner.set_image(rgb)
    one = np.minimum(labels, 1)
    found = refiner.refine(one).label_map
    assert islands(one, found, 1) == 0
    assert islands(one, found, 0) > 0
    several = refiner.refine(labels).label_map
    assert (islands(labels, several, 0) > 0) == (rounds > 1)


def test_a_sure_stroke_is_part_of_what_a_label_was(refiner, scattered):
    rgb, labels = scene()
    sure = np.full_like(labels, 255)
    sure[110:112, 5:25] = 1  # far from the object
    found = refiner.refine(rgb, labels, sure=sure).label_map
    assert (found[sure == 1] == 1).all()
