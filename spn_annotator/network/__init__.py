"""The guidance network and the refinement model; checkpoints."""

from spn_annotator.network.checkpoint import load_model, save_model
from spn_annotator.network.model import ModelConfig, SpnRefiner

__all__ = ["ModelConfig", "SpnRefiner", "load_model", "save_model"]
