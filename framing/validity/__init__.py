"""Meeting human coders: coding sheets, agreement, precision and recall, corrected estimates, methods appendix."""

from framing.validity.adjudication import adjudicate
from framing.validity.agreement import agreement, disagreements
from framing.validity.appendix import methods_appendix
from framing.validity.correction import corrected
from framing.validity.notebook import NotebookCoder, code_in_notebook
from framing.validity.planning import labels_needed
from framing.validity.reading import read_coding_sheet, sheet_problems
from framing.validity.reliability import krippendorff_alpha
from framing.validity.sheets import CodingSheet, coding_sheet
from framing.validity.validation import Validation, validate

__all__ = [
    "CodingSheet",
    "NotebookCoder",
    "Validation",
    "adjudicate",
    "agreement",
    "code_in_notebook",
    "coding_sheet",
    "corrected",
    "disagreements",
    "krippendorff_alpha",
    "labels_needed",
    "methods_appendix",
    "read_coding_sheet",
    "sheet_problems",
    "validate",
]
