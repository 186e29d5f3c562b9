"""The window. Qt lives in this package and nowhere else."""
