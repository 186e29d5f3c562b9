"""The start of the window."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from types import TracebackType

if sys.platform == "win32":
    # There, torch's libraries cannot be loaded once Qt's are. Elsewhere the refiner's own thread
    # imports torch after the window is shown, which saves seconds.
    import torch  # noqa: F401

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from spn_annotator import __version__
from spn_annotator.gui.i18n import install
from spn_annotator.gui.icons import application_icon
from spn_annotator.gui.settings import Settings
from spn_annotator.gui.signals import closed_by_signals
from spn_annotator.gui.theme import Theme
from spn_annotator.gui.window import MainWindow
from spn_annotator.gui.workers.latest import Failure
from spn_annotator.gui.workers.refine import RefinerFactory, default_refiner
from spn_annotator.paths import default_model_path

#: The first frames come before the model.
_WARM_UP_AFTER_MS = 400

#: How long another thread may go on with Python once the window wants to, in seconds. Python's own
#: 5 ms are paid again at each of the many calls into Qt that one frame takes.
_SWITCH_INTERVAL = 0.0005


def make_application() -> QApplication:
    """Return the application object, made and named at the first call."""
    sys.setswitchinterval(_SWITCH_INTERVAL)
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        application = QApplication(sys.argv[:1])
        application.setStyle("fusion")
    application.setApplicationName("spn-annotator")
    application.setApplicationDisplayName("SPN Annotator")
    application.setOrganizationName("spn-annotator")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("spn-annotator")
    application.setWindowIcon(application_icon())
    return application


def make_window(*, refiner: RefinerFactory = default_refiner) -> MainWindow:
    """Return the window, not shown yet; the application must exist."""
    settings = Settings()
    theme = Theme()
    window = MainWindow(settings, theme, refiner=refiner)
    theme.setParent(window)
    return window


def run(path: Path | None) -> int:
    """Open the window and stay until it is closed.

    Parameters
    ----------
    path : Path or None
        Folder or image to open.

    Returns
    -------
    int
        Exit code of the program.
    """
    application = make_application()
    install(Settings().language)
    window = make_window()
    window.first_steps.watch()
    _catch_defects(window)
    window.show()
    if path is not None:
        QTimer.singleShot(0, window, lambda: window.commands.open_path(path))
    if default_model_path().is_file():
        QTimer.singleShot(_WARM_UP_AFTER_MS, window, window.workspace.refining.warm_up)
    with closed_by_signals(window):
        return application.exec()


def _catch_defects(window: MainWindow) -> None:
    """Show errors nobody has foreseen in the error bar, and on the terminal as ever."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        sys.__excepthook__(kind, error, trace)
        if threading.current_thread() is threading.main_thread() and isinstance(error, Exception):
            failure = Failure.of(error, doing="Something in the program")
            window.show_failure(failure, "defect")

    sys.excepthook = hook
