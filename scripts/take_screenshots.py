"""Take the pictures of the window that the documentation shows.

Runs the real window with the real model on the sample project::

    xvfb-run -a -s "-screen 0 1600x1000x24" python scripts/take_screenshots.py

``readme`` (to docs/images) or ``guide`` (to docs/guide/images) takes one of the two sets, else both
are taken. ``--only NAME`` takes one part of the guide's pictures, ``--out DIR`` saves elsewhere.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from guide_pictures import STATES
from photographer import ROOT, Photographer, finish_coffee, paint_coffee

from spn_annotator.gui.theme import ThemeChoice
from spn_annotator.samples import sample_project

FOLDERS = {
    "readme": ROOT / "docs" / "images",
    "guide": ROOT / "docs" / "guide" / "images",
}
SIZES = {"readme": (1440, 900), "guide": (1120, 720)}


def main() -> None:
    """Take the pictures that are asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("which", nargs="*", choices=[*FOLDERS, []], help="readme, guide; both")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--only", choices=list(STATES))
    arguments = parser.parse_args()
    for which in arguments.which or FOLDERS:
        out = arguments.out or FOLDERS[which]
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as name:
            home = Path(name)
            hand = Photographer(out, home, SIZES[which], small=which == "guide")
            hand.theme(ThemeChoice.LIGHT)
            if which == "readme":
                take_readme(hand, sample_project(home / "Sample project"))
            else:
                for state, take in STATES.items():
                    if arguments.only in (None, state):
                        take(hand, sample_project(home / state / "Sample project"))
            hand.window.close()


def take_readme(hand: Photographer, folder: Path) -> None:
    """Take the four pictures of the read-me."""
    hand.save("window-empty-light")
    hand.open(folder, "coffee.png")
    hand.clear()
    paint_coffee(hand)
    hand.save("window-painting-light")
    finish_coffee(hand)
    hand.refine()
    hand.wait(1.0)
    hand.save("window-proposal-light")
    hand.act("accept")
    hand.act("show_strokes")
    hand.wait(1.0)
    hand.theme(ThemeChoice.DARK)
    hand.save("window-accepted-dark")


if __name__ == "__main__":
    main()
