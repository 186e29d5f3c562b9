"""The picture with what is painted on it: view, overlay, events."""
