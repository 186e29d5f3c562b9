"""Shared libraries that PySide6 and OpenCV expect from a Linux system, and how to install them.

Standard library only: the set-up script uses this table before anything is installed, and
``spn-annotator doctor`` uses it afterwards. The list is what ``ldd`` names for Qt's offscreen, xcb
and wayland plug-ins (6.8 to 6.12) and for ``cv2``, less what every distribution has anyway.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import socket
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Group = Literal["any", "x11", "wayland"]
Manager = Literal["apt-get", "dnf", "pacman"]


@dataclass(frozen=True)
class Library:
    """A shared library and the package that carries it, by package manager.

    Attributes
    ----------
    soname : str
        Name the dynamic loader looks for.
    group : {"any", "x11", "wayland"}
        Who needs it: every run (tests without a screen too), or one kind of display.
    apt, dnf, pacman : str
        Package on Debian and Ubuntu, on Fedora, on Arch.
    """

    soname: str
    group: Group
    apt: str
    dnf: str
    pacman: str


LIBRARIES = (
    Library("libEGL.so.1", "any", "libegl1", "libglvnd-egl", "libglvnd"),
    Library("libGL.so.1", "any", "libgl1", "libglvnd-glx", "libglvnd"),
    Library("libxkbcommon.so.0", "any", "libxkbcommon0", "libxkbcommon", "libxkbcommon"),
    Library("libdbus-1.so.3", "any", "libdbus-1-3", "dbus-libs", "dbus"),
    Library("libfontconfig.so.1", "any", "libfontconfig1", "fontconfig", "fontconfig"),
    Library("libfreetype.so.6", "any", "libfreetype6", "freetype", "freetype2"),
    Library("libgthread-2.0.so.0", "any", "libglib2.0-0", "glib2", "glib2"),
    Library("libX11.so.6", "any", "libx11-6", "libX11", "libx11"),
    Library("libX11-xcb.so.1", "x11", "libx11-xcb1", "libX11-xcb", "libx11"),
    Library("libxcb-cursor.so.0", "x11", "libxcb-cursor0", "xcb-util-cursor", "xcb-util-cursor"),
    Library("libxcb-icccm.so.4", "x11", "libxcb-icccm4", "xcb-util-wm", "xcb-util-wm"),
    Library("libxcb-image.so.0", "x11", "libxcb-image0", "xcb-util-image", "xcb-util-image"),
    Library(
        "libxcb-keysyms.so.1", "x11", "libxcb-keysyms1", "xcb-util-keysyms", "xcb-util-keysyms"
    ),
    Library("libxcb-randr.so.0", "x11", "libxcb-randr0", "libxcb", "libxcb"),
    Library(
        "libxcb-render-util.so.0",
        "x11",
        "libxcb-render-util0",
        "xcb-util-renderutil",
        "xcb-util-renderutil",
    ),
    Library("libxcb-render.so.0", "x11", "libxcb-render0", "libxcb", "libxcb"),
    Library("libxcb-shape.so.0", "x11", "libxcb-shape0", "libxcb", "libxcb"),
    Library("libxcb-shm.so.0", "x11", "libxcb-shm0", "libxcb", "libxcb"),
    Library("libxcb-sync.so.1", "x11", "libxcb-sync1", "libxcb", "libxcb"),
    Library("libxcb-xfixes.so.0", "x11", "libxcb-xfixes0", "libxcb", "libxcb"),
    Library("libxcb-xkb.so.1", "x11", "libxcb-xkb1", "libxcb", "libxcb"),
    Library(
        "libxkbcommon-x11.so.0",
        "x11",
        "libxkbcommon-x11-0",
        "libxkbcommon-x11",
        "libxkbcommon-x11",
    ),
    Library(
        "libwayland-client.so.0", "wayland", "libwayland-client0", "libwayland-client", "wayland"
    ),
    Library(
        "libwayland-cursor.so.0", "wayland", "libwayland-cursor0", "libwayland-cursor", "wayland"
    ),
)


def has_display(environment: Mapping[str, str] | None = None) -> bool:
    """Tell whether a window can be expected to open.

    Parameters
    ----------
    environment : mapping, optional
        The variables to look at; those of this process when left out.

    Returns
    -------
    bool
        On Linux, whether a display is named or a Qt platform is chosen by hand; elsewhere True.
    """
    variables = os.environ if environment is None else environment
    if not sys.platform.startswith("linux"):
        return True
    return any(variables.get(n) for n in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def display_answers(environment: Mapping[str, str] | None = None) -> bool:
    """Tell whether a display that is named is there: Qt ends the process if none is.

    Parameters
    ----------
    environment : mapping, optional
        The variables to look at; those of this process when left out.

    Returns
    -------
    bool
        False only if every display named can be asked and does not answer. A Qt platform that is
        chosen by hand is not asked.
    """
    variables = os.environ if environment is None else environment
    if not sys.platform.startswith("linux") or variables.get("QT_QPA_PLATFORM"):
        return True
    asked: list[bool] = []
    wayland, x11 = variables.get("WAYLAND_DISPLAY"), variables.get("DISPLAY")
    if wayland:
        folder = variables.get("XDG_RUNTIME_DIR", "")
        asked.append(_answers(os.path.join(folder, wayland)))  # noqa: PTH118
    if x11:
        host, _, number = x11.rpartition(":")
        number = number.partition(".")[0]
        if not number.isdecimal():
            asked.append(False)
        elif host in ("", "unix"):
            path = f"/tmp/.X11-unix/X{number}"
            # Servers listen on the abstract name, on the file, or on both.
            asked.append(any(_answers(name) for name in (path, f"\0{path}")))
        else:
            asked.append(_answers((host, 6000 + int(number))))
    return any(asked) or not asked


def _answers(address: str | tuple[str, int]) -> bool:
    """Tell whether somebody listens at a socket file, or at a host and port."""
    try:
        if isinstance(address, tuple):
            socket.create_connection(address, timeout=3).close()
            return True
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(3)
            connection.connect(address)
    except (OSError, ValueError):
        return False
    return True


def display_groups(environment: Mapping[str, str] | None = None) -> tuple[Group, ...]:
    """Return the groups of libraries that the present session needs, ``any`` first."""
    variables = os.environ if environment is None else environment
    groups: list[Group] = ["any"]
    if variables.get("DISPLAY"):
        groups.append("x11")
    if variables.get("WAYLAND_DISPLAY"):
        groups.append("wayland")
    return tuple(groups)


def missing_libraries(groups: Iterable[Group]) -> list[Library]:
    """Return the libraries of these groups that the loader does not find.

    Always empty on systems other than Linux, whose wheels bring everything along.
    """
    if not sys.platform.startswith("linux"):
        return []
    wanted = set(groups)
    return [lib for lib in LIBRARIES if lib.group in wanted and not _loads(lib.soname)]


def blocking_libraries(environment: Mapping[str, str] | None = None) -> list[Library]:
    """Return the missing libraries without which no window can open in the present session.

    A session that offers X11 and Wayland needs the libraries of one of them only.
    """
    groups = display_groups(environment)
    missing = missing_libraries(groups)
    displays = set(groups) - {"any"}
    broken = {library.group for library in missing} & displays
    if broken == displays:
        return missing
    return [library for library in missing if library.group == "any"]


def package_manager() -> Manager | None:
    """Return the package manager of this system, None if it is none of the three known."""
    for name in ("apt-get", "dnf", "pacman"):
        if shutil.which(name):
            return name
    return None


def install_command(libraries: Iterable[Library], manager: Manager | None) -> list[str] | None:
    """Return the command, without sudo, that installs these libraries.

    Parameters
    ----------
    libraries : iterable of Library
        What is missing.
    manager : {"apt-get", "dnf", "pacman"} or None
        As `package_manager` gives it.

    Returns
    -------
    list of str or None
        None when nothing is missing or the package manager is not known.
    """
    missing = list(libraries)
    if manager == "apt-get":
        head, packages = ["install", "-y", "--no-install-recommends"], [m.apt for m in missing]
    elif manager == "dnf":
        head, packages = ["install", "-y"], [m.dnf for m in missing]
    elif manager == "pacman":
        head, packages = ["-S", "--needed", "--noconfirm"], [m.pacman for m in missing]
    else:
        return None
    # Several libraries share a package; the order of the table is kept.
    return [manager, *head, *dict.fromkeys(packages)] if packages else None


def remedy(libraries: Iterable[Library]) -> str:
    """Return one line that tells a person how to get these libraries."""
    missing = list(libraries)
    command = install_command(missing, package_manager())
    if command is None:
        return "install the packages that hold " + ", ".join(lib.soname for lib in missing)
    return "sudo " + " ".join(command)


def _loads(soname: str) -> bool:
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True
