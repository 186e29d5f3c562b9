"""Spatial propagation for torch tensors.

Linear recurrences over an image in four directions, with one or three neighbours a pixel, after
Liu et al., "Learning Affinity via Spatial Propagation Networks", NIPS 2017 (arXiv 1710.01020).
"""

from spn_kernels.cuda_seam import CudaUnavailableError
from spn_kernels.gates import normalize_gates
from spn_kernels.module import SpatialPropagation
from spn_kernels.ops import DIRECTIONS, affinity, affinity_matrix, propagate, scan, warm_up
from spn_kernels.planes import depth_to_space, space_to_depth

__all__ = [
    "DIRECTIONS",
    "CudaUnavailableError",
    "SpatialPropagation",
    "affinity",
    "affinity_matrix",
    "depth_to_space",
    "normalize_gates",
    "propagate",
    "scan",
    "space_to_depth",
    "warm_up",
]
