"""Who evaluates whom: directed relations between actors, and stance towards a target."""

from framing.stance.score import stance
from framing.stance.tables import evaluations, relations

__all__ = ["evaluations", "relations", "stance"]
