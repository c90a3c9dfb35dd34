"""Made-up records by the thousand, to see how the product carries much: the same shape as real work, without its actions."""

from calloffs.scale.loading import load
from calloffs.scale.sizes import SIZES, Size

__all__ = ["SIZES", "Size", "load"]
