"""How often the model looks at a mask in a run; apart, so that a command's help needs no torch."""

LOOKS = 3
"""Nobody waits for a single stroke. The first look at twice the size takes most of the time, since
the image is read anew for it; another one takes a fifth more and moves edges a little further."""
