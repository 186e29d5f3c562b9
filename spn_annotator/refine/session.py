"""The refinement session: an image is set once, then masks on it are refined many times."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

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
from spn_annotator.refine.devices import resolve_device
from spn_annotator.refine.labels import Ids, LevelResult, refine_labels
from spn_annotator.refine.levels import BASE_SIDE, Level, PreparedImage, guide_together
from spn_annotator.refine.proposal import Float32, LabelMap, Probabilities, Proposal, Window
from spn_annotator.refine.settled import keep_settled

Unknown = Literal["auto"] | int | None

SPARSE_SIDE = 256
"""Longest side at which strokes are first spread over the image."""

CLOSER_SIDE = 1400
"""Longest side of an image that is worth a look at twice its size."""

MANY_TILES = 6_000_000
"""Pixels of an image up to which the guidance of many tiles is kept for the next stroke."""

SPARSE_SHARE = 0.5
"""Share of unknown pixels from which a mask counts as strokes."""

_NOTHING = -1  # unknown, inside this module; ids are held as int32


@dataclass(frozen=True)
class _Request:
    """A call's arrays, checked, as int32 with -1 for unknown or not held."""

    coarse: npt.NDArray[np.int32]
    sure: npt.NDArray[np.int32] | None  # the coarse mask itself where that is but strokes
    dtype: np.dtype
    ids: tuple[int, ...]
    movable: tuple[int, ...]
    region: Window | None

    @property
    def strokes(self) -> bool:
        """Whether all that is known are strokes among unknown pixels."""
        return self.sure is self.coarse


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
        at in several sizes anyway, and get no further look.

    Raises
    ------
    ModelFileError
        The file is missing, damaged or no model.
    UsageError
        There is no such device, or ``rounds`` is under 1.

    Examples
    --------
    >>> refiner = Refiner()  # doctest: +SKIP
    >>> refiner.set_image(rgb)  # doctest: +SKIP
    >>> proposal = refiner.refine(coarse)  # doctest: +SKIP
    """

    def __init__(self, model: Path | None = None, device: str = "auto", *, rounds: int = 1) -> None:
        if rounds < 1:
            raise UsageError(f"rounds must be at least 1, found {rounds}")
        self._rounds = rounds
        self._device = resolve_device(device)
        network = load_model(default_model_path() if model is None else Path(model))
        fold(network)
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
        kept = 8 if rgb.shape[0] * rgb.shape[1] <= MANY_TILES else 2
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
        request = self._checked(coarse, sure, labels, region, unknown)
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

    def _checked(
        self,
        coarse: LabelMap,
        sure: LabelMap | None,
        labels: Iterable[int] | None,
        region: tuple[int, int, int, int] | None,
        unknown: Unknown,
    ) -> _Request:
        shape = self._levels[-1].shape
        for name, array in (("coarse mask", coarse), ("sure mask", sure)):
            if array is None:
                continue
            if not isinstance(array, np.ndarray) or array.shape != shape:
                found = getattr(array, "shape", type(array).__name__)
                raise ShapeError(f"the {name} must have the image's shape {shape}, found {found}")
            if array.dtype not in (np.uint8, np.uint16):
                raise ShapeError(f"the {name} must be uint8 or uint16, found {array.dtype}")
        if sure is not None and sure.dtype != coarse.dtype:
            raise ShapeError(f"the sure mask must be {coarse.dtype} as coarse, found {sure.dtype}")
        top = int(np.iinfo(coarse.dtype).max)
        value = top if unknown == "auto" else unknown
        wide = coarse.astype(np.int32)
        if value is not None:
            wide[coarse == value] = _NOTHING
        held = None
        if sure is not None and (sure != top).any():
            held = np.where(sure == top, _NOTHING, sure.astype(np.int32))
            wide = np.where(held >= 0, held, wide)
        if (wide == _NOTHING).mean() > SPARSE_SHARE:
            held = wide  # strokes among unknown pixels are all that is known: they are held
        ids = tuple(int(v) for v in np.unique(wide) if v >= 0)
        if not ids:
            raise ShapeError(
                "the coarse mask is unknown everywhere",
                remedy="Paint at least one stroke, or say which value is unknown",
            )
        movable = ids if labels is None else tuple(v for v in ids if v in set(labels))
        window = None
        if region is not None:
            x0, y0, x1, y1 = (int(v) for v in region)
            window = Window(max(0, y0), max(0, x0), min(shape[0], y1), min(shape[1], x1))
            if window.y1 <= window.y0 or window.x1 <= window.x0:
                raise ShapeError(f"the region {region} has no pixel in an image of shape {shape}")
        return _Request(wide, held, coarse.dtype, ids, movable, window)

    def _run(self, request: _Request) -> LevelResult:
        current = request.coarse
        levels = list(self._levels)
        if request.strokes and max(levels[0].shape) > SPARSE_SIDE:
            levels.insert(0, self._sparse_level())
        result = None
        for i, level in enumerate(levels):
            if result is None:
                coarse = _reduced(current, level.shape)
            else:
                coarse = _enlarged(result.label_map, level.shape)
            sure = None if request.sure is None else _reduced(request.sure, level.shape)
            everywhere = i == 0 or len(level.tiles()) == 1
            result = refine_labels(level, coarse, sure, request.ids, everywhere=everywhere)
        assert result is not None
        for _ in range(self._rounds - 1 if self._looks_closer else 0):
            level = self._closer_level()
            coarse = _enlarged(result.label_map, level.shape)
            sure = None if request.sure is None else _enlarged(request.sure, level.shape)
            result = refine_labels(level, coarse, sure, request.ids, everywhere=False, halve=True)
        return result

    @property
    def _looks_closer(self) -> bool:
        return self._rounds > 1 and max(self._levels[-1].shape) <= CLOSER_SIDE

    def _closer_level(self) -> Level:
        if self._closer is None:
            self._closer = self._twice(self._levels[-1])
        return self._closer

    def _twice(self, level: Level) -> Level:
        size = (2 * level.shape[1], 2 * level.shape[0])
        enlarged = cv2.resize(level.rgb, size, interpolation=cv2.INTER_LINEAR)
        return self._level(enlarged, enlarged=2)

    def _sparse_level(self) -> Level:
        if self._sparse is None:
            base = self._levels[0].rgb
            scale = SPARSE_SIDE / max(base.shape[:2])
            size = (max(1, round(base.shape[1] * scale)), max(1, round(base.shape[0] * scale)))
            self._sparse = self._level(cv2.resize(base, size, interpolation=cv2.INTER_AREA))
        return self._sparse

    def _settle(
        self, request: _Request, coarse: LabelMap, result: LevelResult
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
                closer=self._looks_closer,
            )
        if request.movable != request.ids:
            _restrict(request, result, label_map, confidence)
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


def _restrict(request: _Request, result: LevelResult, label_map: Ids, confidence: Float32) -> None:
    """Let pixels pass from one movable label to another only, and unknown ones to a movable."""
    known = request.coarse >= 0
    fixed = known & ~np.isin(request.coarse, request.movable)
    stray = ~fixed & ~np.isin(label_map, request.movable)
    label_map[fixed | (stray & known)] = request.coarse[fixed | (stray & known)]
    confidence[fixed] = 1.0
    open_to = stray & ~known
    best = np.zeros(label_map.shape, np.float32)
    for label in request.movable:
        part = result.parts.get(label)
        if part is None:
            continue
        here = part.window.slices
        wins = open_to[here] & (part.values >= best[here])
        label_map[here][wins] = label
        best[here][wins] = part.values[wins]


def _reduced(labels: npt.NDArray[np.int32], shape: tuple[int, int]) -> npt.NDArray[np.int32]:
    """Return the label map at another size; thin strokes survive a reduction."""
    if labels.shape == shape:
        return labels
    height, width = labels.shape
    rows = (np.arange(height) * shape[0]) // height
    columns = (np.arange(width) * shape[1]) // width
    nearest = labels[
        np.minimum((2 * np.arange(shape[0]) + 1) * height // (2 * shape[0]), height - 1)
    ][:, np.minimum((2 * np.arange(shape[1]) + 1) * width // (2 * shape[1]), width - 1)]
    if shape[0] > height or (labels >= 0).mean() > SPARSE_SHARE:
        return nearest
    # Mostly unknown: a cell takes a known pixel if it has one.
    out = nearest.copy()
    ys, xs = np.nonzero(labels >= 0)
    out[rows[ys], columns[xs]] = labels[ys, xs]
    return out


def _enlarged(labels: npt.NDArray[np.int32], shape: tuple[int, int]) -> npt.NDArray[np.int32]:
    return cv2.resize(
        labels.astype(np.float32), (shape[1], shape[0]), interpolation=cv2.INTER_NEAREST
    ).astype(np.int32)
