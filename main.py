"""Start SPN Annotator from a checkout: ``python main.py [PATH]``.

The same as the ``spn-annotator`` command, but it needs no installation of the program itself: both
source roots are put on the path here, the dependencies have to be there.
"""

from __future__ import annotations

import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parent
for _folder in (_ROOT / "kernels", _ROOT):
    if str(_folder) not in sys.path:
        sys.path.insert(0, str(_folder))

if __name__ == "__main__":
    from spn_annotator.cli import main

    sys.exit(main())
