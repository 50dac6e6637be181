"""Pages: the highlighted article, and the report that can be sent to a colleague."""

from framing.report.highlight import Highlighted, show

__all__ = ["Highlighted", "show"]
