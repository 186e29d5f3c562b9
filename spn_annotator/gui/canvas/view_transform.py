"""Where the image lies in the viewport. Numbers only, no Qt."""

from __future__ import annotations

import math

MIN_ZOOM = 0.02
MAX_ZOOM = 64.0

#: From this zoom on, pixels are drawn as squares.
NEAREST_FROM = 2.0

#: Part of the viewport that the image may not leave when it is dragged away.
_KEEP = 0.15


#: How a rectangle is shown: how much of the viewport it fills along its tighter side, and the
#: largest zoom.
_SHARE, _MOST = 0.6, 8.0

#: Less than so many times the zoom at which all is seen is hardly nearer.
_HARDLY_NEARER = 1.2


class ViewTransform:
    """Scale and offset between image pixels and device pixels.

    Device pixels, not Qt's logical ones: at zoom 1 one image pixel is one pixel of the screen,
    whatever the screen's scale, so that 100 % is sharp everywhere. Image coordinate (0, 0) is the
    outer corner of the first pixel, whose centre is (0.5, 0.5).

    Attributes
    ----------
    zoom : float
        Device pixels per image pixel, 0.02 … 64 (less than 0.02 if a huge image only fits so).
    left, top : float
        Device position of the image's corner.
    margin : int
        Device pixels that stay free on each side of an image that is fitted.
    """

    def __init__(self) -> None:
        self.margin = 0
        self.zoom = 1.0
        self.left = 0.0
        self.top = 0.0
        self._image = (0, 0)
        self._viewport = (1, 1)
        self._fits = True

    @property
    def image_size(self) -> tuple[int, int]:
        """Width and height of the image in pixels; (0, 0) for none."""
        return self._image

    @property
    def viewport_size(self) -> tuple[int, int]:
        """Width and height of the viewport in device pixels."""
        return self._viewport

    @property
    def fits(self) -> bool:
        """Whether the view follows the size of the viewport until someone zooms or pans."""
        return self._fits

    @property
    def min_zoom(self) -> float:
        """Smallest zoom allowed: 2 %, or less where the whole image needs less."""
        return min(MIN_ZOOM, self._fit_zoom())

    def set_image_size(self, width: int, height: int) -> None:
        """Take another image and fit it."""
        self._image = (width, height)
        self.fit()

    def set_viewport_size(self, width: int, height: int) -> None:
        """Follow a resized viewport: fit again, or keep the centre where it is."""
        old_width, old_height = self._viewport
        self._viewport = (max(1, width), max(1, height))
        if self._fits:
            self.fit()
        else:
            self.left += (self._viewport[0] - old_width) / 2
            self.top += (self._viewport[1] - old_height) / 2
            self._clamp()

    def to_image(self, x: float, y: float) -> tuple[float, float]:
        """Return the image coordinates of a device position."""
        return (x - self.left) / self.zoom, (y - self.top) / self.zoom

    def to_device(self, x: float, y: float) -> tuple[float, float]:
        """Return the device position of image coordinates."""
        return x * self.zoom + self.left, y * self.zoom + self.top

    def fit(self) -> None:
        """Show the whole image in the middle, never larger than 800 %."""
        width, height = self._image
        self._fits = True
        self.zoom = self._fit_zoom()
        self.left = (self._viewport[0] - width * self.zoom) / 2
        self.top = (self._viewport[1] - height * self.zoom) / 2
        self._align()

    def zoom_at(self, x: float, y: float, factor: float) -> None:
        """Zoom by a factor; what lies under the device position stays there."""
        self.set_zoom(self.zoom * factor, x=x, y=y)

    def set_zoom(self, zoom: float, *, x: float | None = None, y: float | None = None) -> None:
        """Zoom to a value around a device position, by default the middle of the viewport."""
        if x is None:
            x = self._viewport[0] / 2
        if y is None:
            y = self._viewport[1] / 2
        zoom = min(max(zoom, self.min_zoom), MAX_ZOOM)
        if abs(zoom - 1.0) < 0.02:
            zoom = 1.0  # else repeated steps pass by 100 % without ever hitting it
        image_x, image_y = self.to_image(x, y)
        self._fits = False
        self.zoom = zoom
        self.left = x - image_x * zoom
        self.top = y - image_y * zoom
        self._clamp()

    def pan(self, dx: float, dy: float) -> None:
        """Move the image by device pixels."""
        self._fits = False
        self.left += dx
        self.top += dy
        self._clamp()

    def is_near_enough(self, width: float, height: float) -> bool:
        """Whether the whole image shows so many pixels about as large as `show_rect` would."""
        return self._zoom_for(width, height) <= _HARDLY_NEARER * self._fit_zoom()

    def _zoom_for(self, width: float, height: float) -> float:
        across, down = self._viewport
        return min(across * _SHARE / max(width, 1.0), down * _SHARE / max(height, 1.0), _MOST)

    def show_rect(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Show a rectangle of image pixels in the middle, with some of what is around it.

        Never nearer than 800 %, so that a few pixels do not fill the window.
        """
        zoom = self._zoom_for(x1 - x0, y1 - y0)
        self._fits = False
        self.zoom = min(max(zoom, self.min_zoom), MAX_ZOOM)
        self.left = self._viewport[0] / 2 - (x0 + x1) / 2 * self.zoom
        self.top = self._viewport[1] / 2 - (y0 + y1) / 2 * self.zoom
        self._clamp()

    def visible(self) -> tuple[int, int, int, int]:
        """Return the visible image pixels, half-open (x0, y0, x1, y1); empty if there are none."""
        width, height = self._image
        x0, y0 = self.to_image(0, 0)
        x1, y1 = self.to_image(*self._viewport)
        left, top = max(0, math.floor(x0)), max(0, math.floor(y0))
        right, bottom = min(width, math.ceil(x1)), min(height, math.ceil(y1))
        return left, top, max(left, right), max(top, bottom)

    def device_rect(
        self, x0: float, y0: float, x1: float, y1: float, *, margin: int = 0
    ) -> tuple[int, int, int, int]:
        """Return the device pixels that show a rectangle of the image, inside the viewport.

        Parameters
        ----------
        x0, y0, x1, y1 : float
            Half-open rectangle in image pixels.
        margin : int
            Device pixels to add on each side.

        Returns
        -------
        tuple of int
            Half-open (x0, y0, x1, y1); x1 <= x0 or y1 <= y0 when nothing of it is in view.
        """
        left, top = self.to_device(x0, y0)
        right, bottom = self.to_device(x1, y1)
        return (
            max(0, math.floor(left) - margin),
            max(0, math.floor(top) - margin),
            min(self._viewport[0], math.ceil(right) + margin),
            min(self._viewport[1], math.ceil(bottom) + margin),
        )

    def _fit_zoom(self) -> float:
        width, height = self._image
        if not width or not height:
            return 1.0
        free_width = max(1, self._viewport[0] - 2 * self.margin)
        free_height = max(1, self._viewport[1] - 2 * self.margin)
        return min(free_width / width, free_height / height, 8.0)

    def _align(self) -> None:
        # Whole device pixels: at 100 % the picture is exact, and patterns do not swim.
        self.left = float(round(self.left))
        self.top = float(round(self.top))

    def _clamp(self) -> None:
        for axis, name in enumerate(("left", "top")):
            extent = self._image[axis] * self.zoom
            viewport = self._viewport[axis]
            keep = min(extent, viewport * _KEEP)
            value = getattr(self, name)
            setattr(self, name, min(max(value, keep - extent), viewport - keep))
        self._align()
