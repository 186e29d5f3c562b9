"""Data, synthesis of coarse masks, losses, metrics, the training loop, evaluation."""
