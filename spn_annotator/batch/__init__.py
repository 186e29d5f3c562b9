"""Headless work on many images. No Qt; torch only once the work begins."""
