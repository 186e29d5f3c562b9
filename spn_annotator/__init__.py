"""SPN Annotator: rough masks in, exact masks out."""

__version__ = "0.1.0"
