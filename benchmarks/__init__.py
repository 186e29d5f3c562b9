"""Measurements of the product; each module runs as ``python -m benchmarks.NAME``."""
