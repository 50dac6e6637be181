"""Coding sheets as Excel workbooks: right to left, drop-downs, the codebook beside the codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framing.errors import FramingError
from framing.files import replacing
from framing.validity.cells import RawSheet, letters

if TYPE_CHECKING:
    import pandas as pd

    from framing.codebook import Codebook

CODING, CODEBOOK, ABOUT = "coding", "codebook", "about"
#: Excel keeps at most this many characters in a cell.
LONGEST = 32_767
CUT = " […]"
_WIDTHS = {"unit_id": 15, "before": 38, "text": 70, "after": 38, "note": 28, "coder": 12}
_HOW = (
    "How to code: read the text in the column 'text'; 'before' and 'after' are there to understand it "
    "and are not coded. "
    "For each frame choose 1 (present) or 0 (absent). Leave a cell empty only when you cannot decide. "
    "Code alone, in the order of the sheet. Do not change the columns unit_id and text; rows may be "
    "sorted as whole rows."
)


def write(path: Path, rows: pd.DataFrame, *, codebook: Codebook, facts: Mapping[str, str]) -> None:
    """Write one coder's workbook. Text is written as text: nothing in it can become a formula."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = CODING
    _fill_coding(sheet, rows, codebook, facts)
    _fill_codebook(book.create_sheet(CODEBOOK), codebook)
    about = book.create_sheet(ABOUT)
    about.sheet_state = "hidden"
    for number, (name, value) in enumerate(facts.items(), 1):
        put(about, number, 1, name)
        put(about, number, 2, value)
    with replacing(path, "wb") as file:
        book.save(file)


def put(sheet: Any, row: int, column: int, value: str) -> Any:
    """Write `value` into a cell as text, never as a formula, and without characters that XML forbids."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    text = ILLEGAL_CHARACTERS_RE.sub("", value)
    if len(text) > LONGEST:
        text = text[: LONGEST - len(CUT)] + CUT
    cell = sheet.cell(row, column)
    if text:
        cell.value = text
        cell.data_type = "s"
        cell.quotePrefix = text.startswith(("=", "+", "-", "@"))
    return cell


def _fill_coding(sheet: Any, rows: pd.DataFrame, codebook: Codebook, facts: Mapping[str, str]) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.worksheet.datavalidation import DataValidation

    context = ["before", "after"] if (rows["before"] != "").any() or (rows["after"] != "").any() else []
    columns = ["unit_id", *context[:1], "text", *context[1:], *codebook.frames, "note", "coder"]
    line = Side(style="thin", color="DDDDDD")
    wrapped = Alignment(wrap_text=True, vertical="top", horizontal="right", readingOrder=2)
    centred = Alignment(horizontal="center", vertical="top")
    grey, frame_fill = Font(color="777777", size=10), PatternFill("solid", fgColor="EEF4FA")
    for number, name in enumerate(columns, 1):
        head = put(sheet, 1, number, name)
        head.font, head.fill = Font(bold=True), PatternFill("solid", fgColor="D9E4EE")
        head.alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")
        sheet.column_dimensions[letters(number - 1)].width = _WIDTHS.get(name, 14)
    records = rows[["unit_id", "before", "text", "after"]].to_dict("records")
    for number, record in enumerate(records, 2):
        for place, name in enumerate(columns, 1):
            value = facts["coder"] if name == "coder" else record.get(name, "")
            cell = put(sheet, number, place, value)
            cell.border = Border(bottom=line)
            cell.alignment = centred if name in codebook.frames else wrapped
            if name in codebook.frames:
                cell.fill = frame_fill
            elif name in ("before", "after", "unit_id", "coder"):
                cell.font = grey
            elif name == "text":
                cell.font = Font(size=13)
        sizes = [(record[name], _WIDTHS[name], 13 if name == "text" else 10) for name in ("text", *context)]
        sheet.row_dimensions[number].height = _height(sizes)
    last = len(records) + 1
    for place, frame in enumerate(columns, 1):
        if frame not in codebook.frames:
            continue
        choice = DataValidation(
            type="list", formula1='"1,0"', allow_blank=True, showErrorMessage=True, showInputMessage=True
        )
        choice.errorTitle, choice.error = "Unknown code", "1 = present, 0 = absent, empty = not coded"
        choice.promptTitle, choice.prompt = _title(codebook, frame)[:32], codebook.frames[frame].definition[:250]
        choice.add(f"{letters(place - 1)}2:{letters(place - 1)}{max(last, 2)}")
        sheet.add_data_validation(choice)
    sheet.sheet_view.rightToLeft = True
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{letters(len(columns) - 1)}{max(last, 2)}"
    sheet.print_title_rows = "1:1"
    _fit_page(sheet)


def _fit_page(sheet: Any) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _height(cells: Iterable[tuple[str, float, int]]) -> float:
    """Return the height in points that wrapped cells (text, column width, font size) need."""
    needed = [13.0]
    for text, width, size in cells:
        per_line = width * 11.5 / size
        lines = sum(-(-max(len(part), 1) // per_line) for part in text.splitlines() or [""])
        needed.append(lines * size)
    return min(max(needed) * 1.5 + 4, 400)


def _title(codebook: Codebook, frame: str) -> str:
    names = dict.fromkeys((codebook.frames[frame].title("en"), codebook.frames[frame].title("ar")))
    return " · ".join(names)


def _fill_codebook(sheet: Any, codebook: Codebook) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    wrapped = Alignment(wrap_text=True, vertical="top")
    arabic = Alignment(wrap_text=True, vertical="top", horizontal="right", readingOrder=2)
    put(sheet, 1, 1, _HOW).alignment = wrapped
    sheet.merge_cells("A1:E1")
    sheet.row_dimensions[1].height = 62
    for place, name in enumerate(("frame", "", "rule", "example", "counter-example"), 1):
        cell = put(sheet, 2, place, name)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="D9E4EE")
    number = 3
    for name, frame in codebook.frames.items():
        head = put(sheet, number, 1, f"{name}: {_title(codebook, name)}")
        head.font, head.alignment = Font(bold=True), wrapped
        put(sheet, number, 2, "definition").alignment = wrapped
        definition = " ".join(frame.definition.split())
        put(sheet, number, 3, definition).alignment = wrapped
        sheet.row_dimensions[number].height = _height([(definition, 60, 11)])
        number += 1
        for kind, rules in (("counts", frame.include), ("does not count", frame.exclude)):
            for rule in rules:
                put(sheet, number, 2, kind).alignment = wrapped
                put(sheet, number, 3, rule.rule).alignment = wrapped
                put(sheet, number, 4, rule.example).alignment = arabic
                put(sheet, number, 5, rule.counter_example).alignment = arabic
                sheet.row_dimensions[number].height = _height(
                    [(rule.rule, 60, 11), (rule.example, 44, 11), (rule.counter_example, 44, 11)]
                )
                number += 1
    for place, width in enumerate((34, 15, 60, 44, 44)):
        sheet.column_dimensions[letters(place)].width = width
    sheet.freeze_panes = "A3"
    _fit_page(sheet)


def read(path: Path) -> RawSheet:
    """Read a workbook as it was saved by whatever program; formulas come back as the text of the formula."""
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path)
    except FileNotFoundError:
        message = f"{path}: no such file"
        raise FramingError(message) from None
    except (BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        message = (
            f"{path}: not a readable .xlsx workbook ({error}); open it in a spreadsheet and save it as .xlsx or .csv"
        )
        raise FramingError(message) from None
    about = {}
    if ABOUT in book.sheetnames:
        about = {
            str(name): str(value or "")
            for name, value, *_ in book[ABOUT].iter_rows(values_only=True, max_col=2)
            if name
        }
    names = (
        [CODING] if CODING in book.sheetnames else [name for name in book.sheetnames if name not in (CODEBOOK, ABOUT)]
    )
    errors = []
    for name in names:
        try:
            return RawSheet.of_rows(str(path), list(book[name].iter_rows(values_only=True)), about)
        except FramingError as error:
            errors.append(error)
    if errors:
        raise errors[0]
    message = f"{path}: the workbook has no sheet {CODING!r}; its sheets are {', '.join(book.sheetnames)}"
    raise FramingError(message)
