"""For a GPU images of one size are taken in together; what comes out is what comes one by one."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from spn_annotator.batch import work
from spn_annotator.batch.report import JobStatus
from spn_annotator.formats.images import write_image
from spn_annotator.formats.masks import write_label_map
from tests.batch.fakes import FakeMaker, _Fake
from tests.batch.support import curse, dataset, outcome, results
from tests.batch.test_pool import do


class _OnGpu(_Fake):
    """Says that it computes on a GPU; waits with the first image until others are loaded."""

    device = "cuda:0"

    def __init__(self, maker: OnGpu) -> None:
        super().__init__(maker)
        self.gpu = maker

    def prepare(self, images: Sequence[np.ndarray]) -> list[tuple[str, np.ndarray]]:
        assert len({image.shape for image in images}) == 1
        self.gpu.groups.append(len(images))
        if len(images) > self.gpu.memory:
            raise RuntimeError("CUDA out of memory")
        return [("prepared", image) for image in images]

    def set_image(self, image: np.ndarray | tuple[str, np.ndarray]) -> None:
        super().set_image(image[1] if isinstance(image, tuple) else image)

    def refine(self, coarse: np.ndarray, **options) -> SimpleNamespace:
        assert self.gpu.loaded.wait(30)
        return super().refine(coarse, **options)


class OnGpu(FakeMaker):
    def __init__(self, loaded: threading.Event, *, memory: int = 100) -> None:
        super().__init__()
        object.__setattr__(self, "loaded", loaded)
        object.__setattr__(self, "memory", memory)
        object.__setattr__(self, "groups", [])

    def __call__(self) -> _OnGpu:
        return _OnGpu(self)


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Return an event that is set once seven images have been read."""
    event, count, read = threading.Event(), 0, work.read_image

    def counting(*arguments: object, **options: object) -> np.ndarray:
        nonlocal count
        count += 1
        if count == 7:
            event.set()
        return read(*arguments, **options)

    monkeypatch.setattr(work, "read_image", counting)
    return event


def test_those_of_one_size_go_together_and_none_is_lost(
    tmp_path: Path, loaded: threading.Event
) -> None:
    dataset(tmp_path, 20, poisoned=(8,))
    for number in range(0, 20, 3):  # of another size
        rgb = np.full((9, 9, 3), 2 * number, np.uint8)
        write_image(tmp_path / "images" / f"i{number:03}.png", rgb)
        mask = np.zeros((9, 9), np.uint8)
        mask[:4] = 1
        write_label_map(tmp_path / "coarse" / f"i{number:03}.png", mask)
    curse(tmp_path / "images" / "i010.png")
    maker = OnGpu(loaded)
    report = do(tmp_path, maker, "gpu", processes=1)
    assert outcome(report) == outcome(do(tmp_path, FakeMaker(), "cpu", processes=1))
    assert report.count(JobStatus.REFINED) == 18
    assert results(tmp_path / "gpu") == results(tmp_path / "cpu")
    assert max(maker.groups) >= 3
    assert max(maker.groups) <= work.TOGETHER


def test_where_memory_is_short_fewer_go_together(tmp_path: Path, loaded: threading.Event) -> None:
    dataset(tmp_path, 20)
    maker = OnGpu(loaded, memory=2)
    report = do(tmp_path, maker, "gpu", processes=1)
    assert report.count(JobStatus.REFINED) == 20
    failed = [size for size in maker.groups if size > 2]
    assert failed  # where the first group is smaller, the second finds four or more of seven loaded
    assert failed == sorted(failed, reverse=True)
    assert len(failed) <= 2  # from eight to four to two


def test_on_a_cpu_each_comes_alone(tmp_path: Path, loaded: threading.Event) -> None:
    dataset(tmp_path, 9)
    maker = OnGpu(loaded)
    loaded.set()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_OnGpu, "device", "cpu")
        report = do(tmp_path, maker, "cpu", processes=1)
    assert report.count(JobStatus.REFINED) == 9
    assert maker.groups == []
