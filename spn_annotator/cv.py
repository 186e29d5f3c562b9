"""The one import of OpenCV.

Wheels of OpenCV that carry a Qt of their own point Qt's plug-in and font variables at it on import,
which breaks PySide6 in the same process. This module undoes that.
"""

from __future__ import annotations

import os
from typing import Any

_QT_VARIABLES = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")
_before = {name: os.environ.get(name) for name in _QT_VARIABLES}

import cv2 as _cv2  # noqa: E402  (the variables are read before the import on purpose)

for _name, _value in _before.items():
    if _value is None:
        os.environ.pop(_name, None)
    else:
        os.environ[_name] = _value

# OpenCV's stubs call every array MatLike, which no dtype-aware signature accepts.
cv2: Any = _cv2

__all__ = ["cv2"]
