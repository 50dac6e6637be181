"""An article, or a group of articles, against others: position, difference, and how far both can be trusted."""

from framing.compare.compare import compare
from framing.compare.influence import entry_influence
from framing.compare.specification import specification_curve

__all__ = ["compare", "entry_influence", "specification_curve"]
