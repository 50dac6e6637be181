"""Pages: the highlighted article, and the report that can be sent to a colleague."""

from framing.report.highlight import Highlighted, show
from framing.report.page import Report, report

__all__ = ["Highlighted", "Report", "report", "show"]
