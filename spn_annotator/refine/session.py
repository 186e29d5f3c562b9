"""The refinement session: an image is set once, then masks on it are refined many times."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from spn_kernels import warm_up

from spn_annotator.cv import cv2
from spn_annotator.errors import CallOrderError, ShapeError, UsageError
from spn_annotator.network.checkpoint import load_model
from spn_annotator.network.layers import fold
from spn_annotator.network.model import SpnRefiner
from spn_annotator.paths import default_model_path
from spn_annotator.refine.affinity import AffinityMap, affinity_at
from spn_annotator.refine.allocation import keep_freed_memory
from spn_annotator.refine.devices import Precision, convolution_type, resolve_device
from spn_annotator.refine.islands import drop_islands
from spn_annotator.refine.labels import Ids, LevelResult, refine_labels
from spn_annotator.refine.levels import BASE_SIDE, Level, PreparedImage, guide_together
from spn_annotator.refine.proposal import Float32, LabelMap, Probabilities, Proposal
from spn_annotator.refine.request import (
    Request,
    Unknown,
    checked,
    enlarged_labels,
    reduced_labels,
    restrict,
)
from spn_annotator.refine.settled import keep_settled

SPARSE_SIDE = 256
"""Longest side at which strokes are first spread over the image."""

CLOSER_SIDE = 1400
"""Longest side of an image that is worth a look at twice its size."""

CLOSER_TILES = 4
"""Of how many pieces of an image at twice its size the guidance is kept for the next look."""

KEPT_TILES = ((3_500_000, 12), (6_000_000, 6))
"""Up to how many pixels of an image the guidance of how many tiles is kept for the next stroke.

Twelve are all that 2,000 x 1,500 pixels have. Beyond the last, memory is short and two must do.
"""


class Refiner:
    """Moves the edges of coarse masks to the edges of the objects.

    Use it from one thread at a time.

    Parameters
    ----------
    model : Path, optional
        A model file; the one that ships with the program if left out.
    device : str
        ``"auto"``, ``"cpu"``, ``"cuda"`` or ``"cuda:N"``.
    rounds : int
        How often the model looks at a mask: 1 is quickest. A second look starts from the result of
        the first, at twice the image's size and only where labels meet; it follows edges more
        closely and takes several times longer. Images of more than 1,400 pixels a side are looked
        at in several sizes anyway, and get no further look. With more than one look the background
        among several labels is looked for as well, instead of being what they leave.
    precision : "auto", "32" or "bf16"
        Of the convolutions. ``"auto"`` takes bfloat16 where the CPU has hardware for it; masks
        differ by some pixels in a thousand at outlines. ``"32"`` gives the same on every CPU.

    Raises
    ------
    ModelFileError
        The file is missing, damaged or no model.
    UsageError
        There is no such device or precision, or ``rounds`` is under 1.

    Examples
    --------
    >>> refiner = Refiner()  # doctest: +SKIP
    >>> refiner.set_image(rgb)  # doctest: +SKIP
    >>> proposal = refiner.refine(coarse)  # doctest: +SKIP
    """

    def __init__(
        self,
        model: Path | None = None,
        device: str = "auto",
        *,
        rounds: int = 1,
        precision: Precision = "auto",
    ) -> None:
        if rounds < 1:
            raise UsageError(f"rounds must be at least 1, found {rounds}")
        self._rounds = rounds
        self._device = resolve_device(device)
        network = load_model(default_model_path() if model is None else Path(model))
        fold(network)
        network.convolve_in(convolution_type(precision, self._device))
        # torch's stubs know no call with both arguments.
        network = network.to(self._device)
        network = network.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
        self._network: SpnRefiner = network
        self._levels: list[Level] = []
        self._sparse: Level | None = None
        self._closer: Level | None = None

    @property
    def device(self) -> str:
        """Return the device's name, ``"cpu"`` or such as ``"cuda:0"``."""
        return str(self._device)

    def warm_up(self) -> None:
        """Compile and load what the first call needs; takes seconds on a fresh installation."""
        warm_up(gradients=False)
        before = self._levels, self._sparse, self._closer
        try:
            self.set_image(np.zeros((64, 64, 3), np.uint8))
            coarse = np.zeros((64, 64), np.uint8)
            coarse[16:48, 16:48] = 1
            self.refine(coarse)
        finally:
            self._levels, self._sparse, self._closer = before

    @torch.inference_mode()
    def set_image(self, rgb: npt.NDArray[np.uint8] | PreparedImage) -> None:
        """Compute what depends on the image alone.

        Parameters
        ----------
        rgb : (H, W, 3) uint8
            Red, green, blue; or an image that :meth:`prepare` returned.

        Raises
        ------
        ShapeError
            The array is something else, or empty.
        """
        if isinstance(rgb, PreparedImage):
            self._levels, self._sparse, self._closer = rgb.levels, None, rgb.closer
            return
        levels = self._pyramid(rgb)
        levels[0].guidance(levels[0].tiles()[0])
        self._levels, self._sparse, self._closer = levels, None, None

    @torch.inference_mode()
    def prepare(self, images: Sequence[npt.NDArray[np.uint8]]) -> list[PreparedImage]:
        """Compute what depends on the images alone, for several of one size in one pass.

        Worth while on a GPU, which a single small image does not keep busy. The current image
        stays; give what is returned to :meth:`set_image`.

        Parameters
        ----------
        images : sequence of (H, W, 3) uint8

        Returns
        -------
        list of PreparedImage
            In the order of the images.

        Raises
        ------
        ShapeError
            An array is something else, or they differ in size.
        """
        pyramids = [self._pyramid(rgb) for rgb in images]
        if not pyramids:
            return []
        if len({levels[-1].shape for levels in pyramids}) > 1:
            raise ShapeError("images that are prepared together must have one size")
        guide_together([levels[0] for levels in pyramids])
        if self._rounds == 1 or len(pyramids[0]) > 1:
            return [PreparedImage(levels) for levels in pyramids]
        closer = [self._twice(levels[-1]) for levels in pyramids]
        guide_together(closer)
        return [PreparedImage(*pair) for pair in zip(pyramids, closer, strict=True)]

    def _pyramid(self, rgb: npt.NDArray[np.uint8]) -> list[Level]:
        """Return the image in the sizes in which it is refined, the smallest first."""
        if not isinstance(rgb, np.ndarray) or rgb.ndim != 3 or rgb.shape[2] != 3:
            shape = getattr(rgb, "shape", type(rgb).__name__)
            raise ShapeError(f"the image must have the shape (height, width, 3), found {shape}")
        if rgb.dtype != np.uint8:
            raise ShapeError(f"the image must be uint8, found {rgb.dtype}")
        if 0 in rgb.shape:
            raise ShapeError(f"the image is empty, its shape is {rgb.shape}")
        sizes = [(rgb.shape[1], rgb.shape[0])]
        while max(sizes[0]) > BASE_SIDE:
            sizes.insert(0, (max(1, -(-sizes[0][0] // 2)), max(1, -(-sizes[0][1] // 2))))
        reduced = rgb
        pixels = rgb.shape[0] * rgb.shape[1]
        kept = next((count for most, count in KEPT_TILES if pixels <= most), 2)
        if self._looks_closer(rgb.shape):
            kept = 2  # memory is for the closer looks
        levels = [self._level(rgb, kept=kept)]
        for size in reversed(sizes[:-1]):
            reduced = cv2.resize(reduced, size, interpolation=cv2.INTER_AREA)
            levels.insert(0, self._level(reduced, kept=kept))
        return levels

    def _level(self, rgb: npt.NDArray[np.uint8], *, enlarged: int = 1, kept: int = 2) -> Level:
        return Level(rgb, self._network, self._device, enlarged=enlarged, kept=kept)

    @torch.inference_mode()
    def refine(
        self,
        image_or_coarse: npt.NDArray[np.uint8] | LabelMap,
        coarse: LabelMap | None = None,
        *,
        sure: LabelMap | None = None,
        labels: Iterable[int] | None = None,
        region: tuple[int, int, int, int] | None = None,
        unknown: Unknown = "auto",
    ) -> Proposal:
        """Refine a coarse label map: ``refine(coarse)`` on the current image, or both at once.

        ``refine(image, coarse)`` sets the image first; for several masks of one image
        :meth:`set_image` and then ``refine(coarse)`` is quicker.

        Parameters
        ----------
        image_or_coarse : (H, W, 3) uint8
            The image; left out where one was set.
        coarse : (H, W) uint8 or uint16
            Ids of labels or of objects, of the image's height and width. Where more than half of
            it is unknown, the rest are strokes: they are held as sure ones are.
        sure : (H, W), dtype of ``coarse``, optional
            Ids that are held; the unknown value (255 or 65535) where nothing is held.
        labels : iterable of int, optional
            The ids that may gain and lose pixels; all if left out.
        region : (x0, y0, x1, y1), optional
            Half-open, in pixels; nothing outside changes.
        unknown : int, None or "auto"
            The value in ``coarse`` that stands for "let the model decide": "auto" is 255 for
            uint8 and 65535 for uint16, None means there is none.

        Returns
        -------
        Proposal
            Without unknown pixels inside the region; ids that are neither in ``coarse`` nor in
            ``sure`` never appear.

        Raises
        ------
        CallOrderError
            No image was set.
        ShapeError
            An array has another shape or dtype, the region is empty, or no pixel is known.
        """
        began = time.perf_counter()
        if coarse is None:
            coarse = image_or_coarse
        else:
            self.set_image(image_or_coarse)  # pyright: ignore[reportArgumentType]
        if not self._levels:
            raise CallOrderError("refine was called before set_image", remedy="Set an image first")
        shape = self._levels[-1].shape
        request = checked(shape, coarse, sure, labels=labels, region=region, unknown=unknown)
        result = self._run(request)
        label_map, confidence = self._settle(request, coarse, result)
        return Proposal(
            label_map=label_map,
            confidence=confidence,
            probabilities=Probabilities(self._levels[-1].shape, result.parts),
            changed=int(np.count_nonzero(label_map != coarse)),
            seconds=time.perf_counter() - began,
            device=self.device,
        )

    def affinity_at(self, x: int, y: int, *, radius: int = 192) -> AffinityMap:
        """Return how much a pixel's label reaches those around it; see :mod:`.affinity`."""
        if not self._levels:
            raise CallOrderError("affinity was asked before set_image", remedy="Set an image first")
        return affinity_at(self._levels[-1], self._network, x, y, radius=radius)

    def _run(self, request: Request) -> LevelResult:
        current = request.coarse
        levels = list(self._levels)
        if request.strokes and max(levels[0].shape) > SPARSE_SIDE:
            levels.insert(0, self._sparse_level())
        thorough = self._rounds > 1
        result = None
        for i, level in enumerate(levels):
            if result is None:
                coarse = reduced_labels(current, level.shape)
            else:
                coarse = enlarged_labels(result.label_map, level.shape)
            sure = None if request.sure is None else reduced_labels(request.sure, level.shape)
            everywhere = i == 0 or len(level.tiles()) == 1
            result = refine_labels(
                level, coarse, sure, request.ids, everywhere=everywhere, thorough=thorough
            )
        assert result is not None
        for _ in range(self._rounds - 1 if self._looks_closer(levels[-1].shape) else 0):
            level = self._closer_level()
            coarse = enlarged_labels(result.label_map, level.shape)
            sure = None if request.sure is None else enlarged_labels(request.sure, level.shape)
            result = refine_labels(
                level, coarse, sure, request.ids, everywhere=False, halve=True, thorough=thorough
            )
        return result

    def _looks_closer(self, shape: tuple[int, ...]) -> bool:
        return self._rounds > 1 and max(shape[:2]) <= CLOSER_SIDE

    def _closer_level(self) -> Level:
        if self._closer is None:
            self._closer = self._twice(self._levels[-1])
        return self._closer

    def _twice(self, level: Level) -> Level:
        if self._device.type == "cpu":
            keep_freed_memory()
        size = (2 * level.shape[1], 2 * level.shape[0])
        enlarged = cv2.resize(level.rgb, size, interpolation=cv2.INTER_CUBIC)
        return self._level(enlarged, enlarged=2, kept=CLOSER_TILES)

    def _sparse_level(self) -> Level:
        if self._sparse is None:
            base = self._levels[0].rgb
            scale = SPARSE_SIDE / max(base.shape[:2])
            size = (max(1, round(base.shape[1] * scale)), max(1, round(base.shape[0] * scale)))
            self._sparse = self._level(cv2.resize(base, size, interpolation=cv2.INTER_AREA))
        return self._sparse

    def _drop_islands(self, request: Request, label_map: Ids) -> None:
        """Let go what a label gained without any connection to what it was."""
        first = request.ids[0]
        # A gap in an object is rightly found where the background was looked for, not where it is
        # what several labels leave. Strokes on it need not be everywhere it is.
        found = len(request.ids) == 2 or (first == 0 and (request.strokes or self._rounds > 1))
        labels = [label for label in request.movable if not (found and label == first)]
        if request.region is None:
            drop_islands(request.coarse, label_map, labels, takers=request.movable)
            return
        # With a rim of what stays as it is: what touches that is no island.
        outer = request.region.grown(label_map.shape)
        coarse, inside = request.coarse[outer.slices], request.region.slices_in(outer)
        trial = coarse.copy()
        trial[inside] = label_map[request.region.slices]
        drop_islands(coarse, trial, labels, takers=request.movable)
        label_map[request.region.slices] = trial[inside]

    def _settle(
        self, request: Request, coarse: LabelMap, result: LevelResult
    ) -> tuple[LabelMap, Float32]:
        """Leave alone what was right; hold what is sure, locked or outside the region."""
        label_map, confidence = result.label_map, result.confidence
        held = None if request.sure is None else request.sure >= 0
        if not request.strokes:
            # Where a region is asked for, what is right elsewhere says nothing about it.
            here = (slice(None), slice(None)) if request.region is None else request.region.slices
            keep_settled(
                request.coarse[here],
                label_map[here],
                confidence[here],
                sure=None if held is None else held[here],
                several=len(request.ids) > 2,
                closer=self._looks_closer(label_map.shape),
            )
        if request.movable != request.ids:
            restrict(request, result, label_map, confidence)
        self._drop_islands(request, label_map)
        if request.sure is not None and held is not None:
            label_map[held] = request.sure[held]
            confidence[held] = 1.0
        settled = label_map.astype(request.dtype)
        if request.region is not None:
            whole, certain = coarse.copy(), np.ones_like(confidence)
            inside = request.region.slices
            whole[inside], certain[inside] = settled[inside], confidence[inside]
            return whole, certain
        return settled, confidence
