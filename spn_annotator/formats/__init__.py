"""Reading and writing images, label maps and other tools' files. No Qt, no torch."""
