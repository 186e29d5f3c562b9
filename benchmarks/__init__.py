"""Measurements of the product; each module runs as ``python -m benchmarks.NAME``."""

import spn_annotator  # noqa: F401  (before any of them loads torch, as in the program)
