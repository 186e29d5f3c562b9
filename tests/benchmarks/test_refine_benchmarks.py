"""What the benchmarks of the refiner count, on images and refiners that need no time."""

from __future__ import annotations

import argparse
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks import bench_parsing, bench_strokes, cases
from benchmarks.refine_accuracy import Outcome, measure_cases, summarise, worse_sets
from benchmarks.refine_checks import settle, truth_cost
from spn_annotator.errors import UsageError

TRUTH = np.zeros((40, 40), np.uint8)
TRUTH[10:30, 10:30] = 1


def case(**changes: object) -> cases.Case:
    made = cases.Case(
        protocol="perturbed",
        set="a",
        stem="1",
        rgb=np.zeros((40, 40, 3), np.uint8),
        coarse=np.roll(TRUTH, 4, 0),
        truth=TRUTH,
        binary=True,
    )
    return replace(made, **changes)


class Fake:
    """Answers what it is told to; strokes are obeyed unless it is stubborn."""

    def __init__(self, answer=lambda coarse: coarse, *, stubborn: bool = False) -> None:
        self.answer, self.stubborn = answer, stubborn

    def set_image(self, rgb: np.ndarray) -> None:
        pass

    def refine(self, coarse: np.ndarray, *, sure: np.ndarray | None = None) -> SimpleNamespace:
        result = self.answer(coarse).copy()
        if sure is not None and not self.stubborn:
            result[sure != 255] = sure[sure != 255]
        confidence = np.ones(coarse.shape, np.float32)
        return SimpleNamespace(label_map=result, confidence=confidence, expected_iou=1.0)


def perfect(coarse: np.ndarray) -> np.ndarray:
    return TRUTH


class TestAccuracy:
    def test_methods_are_scored_beside_the_coarse_mask(self) -> None:
        found = measure_cases(
            [case()], {"refiner": Fake(perfect)}, {"GrabCut": lambda rgb, coarse: 1 - TRUTH}
        )
        assert [o.method for o in found] == ["coarse", "refiner", "GrabCut"]
        assert [o.iou for o in found] == pytest.approx([16 / 24, 1.0, 0.0])

    def test_grabcut_is_left_out_where_there_are_more_labels(self) -> None:
        found = measure_cases([case(binary=False)], {}, {"GrabCut": lambda rgb, coarse: TRUTH})
        assert [o.method for o in found] == ["coarse"]

    def test_the_mean_is_over_sets_and_not_over_images(self) -> None:
        many = [self.outcome("a", 0.5)] * 9 + [self.outcome("b", 1.0)]
        assert summarise(many)[0].iou == 0.75

    def test_time_is_for_as_many_pixels_as_512_squared(self) -> None:
        outcome = replace(self.outcome("a", 1), seconds=2.0, megapixels=4 * 512 * 512 / 1e6)
        assert outcome.milliseconds == pytest.approx(500)

    def test_a_set_that_lost_against_its_coarse_masks_is_named(self) -> None:
        outcomes = [
            self.outcome("good", 0.5, "coarse"),
            self.outcome("bad", 0.5, "coarse"),
            self.outcome("good", 0.6, "refiner"),
            self.outcome("bad", 0.4, "refiner"),
        ]
        worse = worse_sets(summarise(outcomes))["refiner"]
        assert len(worse) == 1
        assert worse[0].startswith("perturbed bad -10.00 / -10.00")

    def outcome(self, name: str, score: float, method: str = "coarse") -> Outcome:
        return Outcome("perturbed", name, "1", True, method, score, score, 1.0, 0.0, 0.25)


class TestStability:
    def test_a_refiner_that_keeps_what_is_right_costs_nothing(self) -> None:
        cost = truth_cost(Fake(), [case(), case(protocol="brush")])
        assert (cost.iou, cost.mba) == (0, 0)

    def test_a_refiner_that_moves_the_truth_costs(self) -> None:
        cost = truth_cost(Fake(lambda coarse: np.roll(coarse, 2, 0)), [case()])
        assert cost.iou == pytest.approx(100 * (1 - 18 / 22))
        assert cost.mba > 1

    def test_what_a_second_pass_moves_is_a_share_of_the_pixels(self) -> None:
        found = settle(Fake(lambda coarse: np.roll(coarse, 1, 0)), [case()])
        assert found.moved["perturbed"] == pytest.approx(100 * 40 / 1600)

    def test_a_stroke_that_changes_its_own_pixels_gains_one(self) -> None:
        found = settle(Fake(), [case()])
        assert found.gains == pytest.approx((1.0,))
        assert found.disobeyed == 0

    def test_a_stroke_that_is_not_obeyed_is_counted(self) -> None:
        found = settle(Fake(stubborn=True), [case()])
        assert found.disobeyed > 0
        assert found.gains == (0.0,)

    def test_label_maps_get_no_stroke(self) -> None:
        assert settle(Fake(), [case(binary=False)]).strokes == 0


class TestStrokes:
    def test_the_refiner_sees_what_was_there_at_the_beginning(self) -> None:
        seen = []
        fake = Fake(lambda coarse: seen.append(coarse.copy()) or np.zeros_like(coarse))
        methods = {"refiner": bench_strokes.with_refiner(fake, from_last=False)}
        works = bench_strokes.work_on([case()], methods, empty=False, most=3)
        assert len(works["refiner"]) == 1
        assert all((mask == case().coarse).all() for mask in seen)

    def test_with_the_brush_alone_a_stroke_gains_one(self) -> None:
        works = bench_strokes.work_on(
            [case()], {"brush": bench_strokes.brush_alone}, empty=True, most=6
        )
        assert works["brush"][0].gains == pytest.approx([1.0] * len(works["brush"][0].gains))

    def test_grabcut_and_the_walker_answer_from_a_mask_and_from_nothing(self) -> None:
        noise = np.random.default_rng(0).normal(0, 2, (40, 40, 3))
        rgb = np.where(TRUTH[..., None] == 1, 200, 60) + noise
        seen = case(rgb=np.clip(rgb, 0, 255).astype(np.uint8))
        methods = {"GrabCut": bench_strokes.with_grabcut, "walker": bench_strokes.with_walker}
        for empty in (True, False):
            works = bench_strokes.work_on([seen], methods, empty=empty, most=4)
            for (work,) in works.values():
                assert work.ious[-1] > 0.8


class TestParsing:
    def test_parts_are_counted_over_all_images(self) -> None:
        labels = np.zeros((4, 4), np.uint8)
        labels[0], labels[1], labels[2] = 4, 6, 2
        face = case(set="faces-celeb", truth=labels, coarse=labels, binary=False)
        swapped = labels.copy()
        swapped[0] = 5  # the other eye: the same part
        methods = {"coarse": lambda c: c.coarse, "other": lambda c: swapped}
        tallies = bench_parsing.measure([face, face], methods)
        found = bench_parsing.show_faces("faces-celeb", tallies["faces-celeb"])
        assert found["other"]["eyes"] == found["other"]["overall"] == 100

    def test_models_get_the_names_they_are_given(self) -> None:
        models = bench_parsing.named_models(["one-way=a.safetensors", "b/three.safetensors"])
        assert list(models) == ["one-way", "three"]
        with pytest.raises(UsageError, match="two lines"):
            bench_parsing.named_models(["x=a", "x=b"])


class TestCases:
    def options(self, *arguments: str) -> argparse.Namespace:
        parser = argparse.ArgumentParser()
        cases.add_options(parser)
        return parser.parse_args(["--composites", *arguments])

    def test_composites_are_the_same_each_time_and_their_truth_is_exact(self) -> None:
        options = self.options("--protocols", "brush,scribbles", "--limit", "2")
        first, again = (list(cases.chosen_cases(options)[1]) for _ in range(2))
        assert [c.protocol for c in first] == ["brush", "brush", "scribbles", "scribbles"]
        for a, b in zip(first, again, strict=True):
            assert (a.coarse == b.coarse).all()
            assert (a.rgb == b.rgb).all()
            assert a.binary
            assert set(np.unique(a.truth)) == {0, 1}
            assert a.truth.shape == a.coarse.shape == a.rgb.shape[:2]
            assert ((a.coarse == 255).mean() > 0.5) == (a.protocol == "scribbles")

    def test_an_unknown_protocol_is_an_error(self) -> None:
        with pytest.raises(UsageError, match="no protocol 'dust'"):
            cases.chosen_cases(self.options("--protocols", "dust"))

    @pytest.mark.parametrize(("fill", "ids"), [("full", 2), ("small", 2), ("labels", 8)])
    def test_timing_masks_have_the_size_and_the_labels_they_promise(self, fill, ids) -> None:
        rgb, coarse = cases.timing_case(fill, 256)
        assert rgb.shape == (256, 256, 3)
        assert coarse.shape == (256, 256)
        assert len(np.unique(coarse)) == ids
