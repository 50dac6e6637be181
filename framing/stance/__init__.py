"""Who evaluates whom: directed relations between actors, and stance towards a target."""

from framing.stance.tables import evaluations, relations, stance

__all__ = ["evaluations", "relations", "stance"]
