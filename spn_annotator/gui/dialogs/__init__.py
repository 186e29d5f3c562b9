"""Windows in front of the window: they stay few."""
