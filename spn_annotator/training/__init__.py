"""Data, synthesis of coarse masks, losses, metrics, the loop and the evaluation."""
