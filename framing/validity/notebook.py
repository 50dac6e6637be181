"""The coder in the notebook: one unit at a time, by keys or by mouse, saved at every step."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.errors import FramingError, choices, shown
from framing.validity import csvfile
from framing.validity.cells import plain, read_code
from framing.validity.sheets import DESIGN_TABLE, CodingSheet

if TYPE_CHECKING:
    import pandas as pd

    from framing.codebook import Codebook

#: Keys beside the numbers of the frames. Arabic and Latin keyboards both have them.
NEXT, BACK, SKIP = " ", "-", "."
_STYLE = """<style>
.framing-coder{font-size:1rem}
.framing-coder .unit{direction:rtl;text-align:right;unicode-bidi:isolate;font-size:1.35rem;line-height:2;
 padding:.6rem .9rem;border:1px solid #999;border-radius:.3rem;background:#fff;color:#111;white-space:pre-wrap}
.framing-coder .around{direction:rtl;text-align:right;color:#666;font-size:1rem;line-height:1.8;
 padding:.2rem .9rem;white-space:pre-wrap}
.framing-coder .rules{font-size:.92rem;line-height:1.5;max-width:60rem}
.framing-coder .rules bdi{font-size:1.02rem}
</style>"""


class NotebookCoder:
    """Codes the units of one coder; shown as a widget, kept in a CSV file that `fr.read_coding_sheet` reads.

    Attributes
    ----------
    codes : DataFrame
        `unit_id`, a column per frame (1, 0 or missing) and `note`, in the order in which units are shown.
    position : int
        The unit on show, from 0.
    path : Path
        The file, written after every step.
    widget : ipywidgets.VBox
    """

    def __init__(self, rows: pd.DataFrame, codebook: Codebook, facts: Mapping[str, str], path: Path) -> None:
        self.rows = rows.reset_index(drop=True)
        self.codebook = codebook
        self.facts = facts
        self.path = path
        self.frames = tuple(codebook.frames)
        self.codes = self.rows[["unit_id"]].assign(**dict.fromkeys(self.frames, np.nan), note="")
        self.codes["note"] = self.codes["note"].astype(object)
        resumed = self._resume()
        open_units = np.flatnonzero(self.codes[list(self.frames)].isna().all(axis=1))
        self.position = int(open_units[0]) if len(open_units) else max(len(self.rows) - 1, 0)
        self._typed = ""
        self._quiet = False
        self._build()
        self._show("resumed where it was left" if resumed else "")

    def __repr__(self) -> str:
        what = f"{self.done:,} of {len(self.rows):,} {self.facts['unit']}s coded"
        return f"NotebookCoder({self.facts['coder']!r}, {what}, in {self.path})"

    def _repr_mimebundle_(self, **options: Any) -> Any:
        bundle = self.widget._repr_mimebundle_(**options)
        bundle["text/plain"] = repr(self)
        return bundle

    @property
    def done(self) -> int:
        """Number of units with at least one code."""
        return int(self.codes[list(self.frames)].notna().any(axis=1).sum())

    # What a coder can do ---------------------------------------------------------------------------

    def mark(self, frame: str, code: int | None) -> None:
        """Code one frame of the unit on show: 1, 0, or None for no code."""
        if frame not in self.frames:
            message = f"no frame {frame!r} on this sheet; frames: {choices(self.frames)}"
            raise FramingError(message)
        self.codes.loc[self.position, frame] = np.nan if code is None else float(code)
        self._save()
        self._show()

    def next(self) -> None:
        """Code as absent what is not coded yet, save, and go on."""
        row = self.codes.loc[self.position, list(self.frames)]
        self.codes.loc[self.position, list(self.frames)] = row.astype(float).fillna(0.0)
        self._save()
        self._go(self.position + 1)

    def skip(self) -> None:
        """Leave the unit without any code, and go on."""
        self.codes.loc[self.position, list(self.frames)] = np.nan
        self._save()
        self._go(self.position + 1)

    def back(self) -> None:
        """Go back to the unit before."""
        self._go(self.position - 1)

    def press(self, key: str) -> None:
        """Do what a key does: a number turns its frame on or off; space, - and . go on, back, and skip."""
        digit = unicodedata.digit(key, 0)
        if key == NEXT:
            self.next()
        elif key in (BACK, "−", "–"):
            self.back()
        elif key == SKIP:
            self.skip()
        elif 1 <= digit <= len(self.frames):
            frame = self.frames[digit - 1]
            self.mark(frame, None if self.codes.loc[self.position, frame] == 1 else 1)

    # The file --------------------------------------------------------------------------------------

    def _save(self) -> None:
        codes = self.codes[list(self.frames)].apply(
            lambda column: column.map(lambda v: "" if np.isnan(v) else str(int(v)))
        )
        sheet = (
            self.rows[["unit_id", "before", "text", "after"]]
            .join(codes)
            .assign(note=self.codes["note"], coder=self.facts["coder"])
        )
        csvfile.write_table(self.path, sheet)

    def _resume(self) -> bool:
        """Take over what the file holds already; it must be of this sheet and this coder."""
        if not self.path.is_file():
            return False
        sheet = csvfile.read(self.path)
        place = {name: at for at, name in enumerate(sheet.columns)}
        missing = [name for name in ("unit_id", *self.frames) if name not in place]
        row_of = {name: row for row, name in enumerate(self.codes["unit_id"])}
        if missing or any(plain(values[place["unit_id"]]) not in row_of for _, values in sheet.rows):
            message = f"{self.path}: the file is of another sheet, and would be overwritten; choose another path="
            raise FramingError(message)
        who = {plain(values[place["coder"]]) for _, values in sheet.rows} if "coder" in place else set()
        if who - {self.facts["coder"], ""}:
            message = (
                f"{self.path}: holds the codes of {choices(sorted(who))}, not of {self.facts['coder']!r}; "
                "choose another path= or coder="
            )
            raise FramingError(message)
        for _, values in sheet.rows:
            row = row_of[plain(values[place["unit_id"]])]
            for frame in self.frames:
                self.codes.loc[row, frame] = read_code(values[place[frame]])[0]
            if "note" in place:
                self.codes.loc[row, "note"] = plain(values[place["note"]])
        return bool(self.done)

    # The widget ------------------------------------------------------------------------------------

    def _build(self) -> None:
        import ipywidgets as widgets

        self._progress = widgets.IntProgress(min=0, max=max(len(self.rows), 1), layout=widgets.Layout(width="16rem"))
        self._state = widgets.HTML()
        self._text = widgets.HTML(layout=widgets.Layout(max_width="60rem"))
        self._switches = {}
        lines = []
        for number, (name, frame) in enumerate(self.codebook.frames.items(), 1):
            switch = widgets.ToggleButtons(
                options=[("not coded", -1), ("absent", 0), ("present", 1)], value=-1, style={"button_width": "6.5rem"}
            )
            switch.add_class(f"framing-frame-{number}")
            switch.observe(lambda change, name=name: self._switched(name, change["new"]), "value")
            self._switches[name] = switch
            names = html.escape(" · ".join(dict.fromkeys((frame.title("en"), frame.title("ar")))))
            label = widgets.HTML(f"<b>{number}</b> {names}", layout=widgets.Layout(width="15rem"))
            lines.append(widgets.HBox([label, switch]))
        self._keys = widgets.Text(
            placeholder="type here: numbers, space, - or .",
            continuous_update=True,
            layout=widgets.Layout(width="16rem"),
        )
        self._keys.add_class("framing-keys")
        self._keys.observe(self._typed_more, "value")
        buttons = []
        for name, action, tip in (
            ("◀ back (-)", self.back, "Go back"),
            ("skip (.)", self.skip, "Leave this one uncoded"),
            ("save, next (space) ▶", self.next, "What is not marked is absent"),
        ):
            button = widgets.Button(description=name, tooltip=tip, layout=widgets.Layout(width="auto"))
            button.on_click(lambda _button, action=action: self._clicked(action))
            buttons.append(button)
        self._note = widgets.Text(
            placeholder="note (optional)", continuous_update=False, layout=widgets.Layout(width="30rem")
        )
        self._note.observe(self._noted, "value")
        rules = widgets.Accordion(
            [widgets.HTML(_rules(self.codebook))], titles=("Codebook: definitions, rules, examples",)
        )
        rules.selected_index = None
        self.widget = widgets.VBox(
            [
                widgets.HTML(_STYLE),
                widgets.HBox([self._progress, self._state]),
                self._text,
                *lines,
                widgets.HBox([self._keys, *buttons]),
                self._note,
                rules,
            ]
        )
        self.widget.add_class("framing-coder")

    def _go(self, position: int) -> None:
        self.position = min(max(position, 0), len(self.rows) - 1)
        self._show("" if position < len(self.rows) else "this was the last one; all is saved")

    def _show(self, message: str = "") -> None:
        row = self.rows.loc[self.position]
        around = [
            f'<div class="around">{html.escape(str(row[side]))}</div>' if row[side] else ""
            for side in ("before", "after")
        ]
        self._text.value = f'{around[0]}<div class="unit" lang="ar">{html.escape(str(row["text"]))}</div>{around[1]}'
        self._progress.value = self.done
        shown = (
            f"{self.facts['unit']} {self.position + 1:,} of {len(self.rows):,} · {self.done:,} coded · "
            f"saved in {self.path.name}"
        )
        self._state.value = html.escape(shown) + (f" · <b>{html.escape(message)}</b>" if message else "")
        self._quiet = True
        try:
            for frame, switch in self._switches.items():
                code: Any = self.codes.loc[self.position, frame]
                switch.value = -1 if np.isnan(code) else int(code)
            self._note.value = str(self.codes.loc[self.position, "note"])
        finally:
            self._quiet = False

    def _switched(self, frame: str, code: int) -> None:
        if not self._quiet:
            self.mark(frame, None if code < 0 else code)
            self._keys.focus()

    def _clicked(self, action: Any) -> None:
        action()
        self._keys.focus()

    def _noted(self, change: Mapping[str, Any]) -> None:
        if not self._quiet:
            self.codes.loc[self.position, "note"] = change["new"]
            self._save()

    def _typed_more(self, change: Mapping[str, Any]) -> None:
        """Take each new character of the key field as a key; what was typed before is not read again."""
        value = change["new"]
        new = value[len(self._typed) :] if value.startswith(self._typed) else ""
        self._typed = value
        for key in new:
            self.press(key)
        if len(value) > 200:
            self._typed = self._keys.value = ""


def _rules(codebook: Codebook) -> str:
    """Return the codebook as a coder needs it: definitions and rules, no word lists."""
    parts = ['<div class="rules">']
    for number, frame in enumerate(codebook.frames.values(), 1):
        parts.append(
            f"<h4>{number} "
            f"{html.escape(frame.title())}</h4><p>{html.escape(' '.join(frame.definition.split()))}</p><ul>"
        )
        for kind, rules in (("Counts", frame.include), ("Does not count", frame.exclude)):
            for rule in rules:
                examples = [f"<bdi>{html.escape(e)}</bdi>" for e in (rule.example,) if e]
                shown = f" Example: {examples[0]}" if examples else ""
                parts.append(f"<li><b>{kind}:</b> {html.escape(rule.rule)}{shown}</li>")
        parts.append("</ul>")
    return "".join([*parts, "</div>"])


def code_in_notebook(sheet: CodingSheet, coder: str | None = None, *, path: str | Path | None = None) -> NotebookCoder:
    """Code a sheet in the notebook, one unit at a time.

    Parameters
    ----------
    sheet : CodingSheet
    coder : str, optional
        Whose units are shown; needed when the sheet is for several.
    path : str or Path, optional
        Where the codes are kept; by default ``codings/sheet-<coder>.csv``. It is written at every step;
        when it exists, coding goes on where it was left. The design of the sample (``design.csv``) is put
        beside it, unless there is one.

    Returns
    -------
    NotebookCoder
        As the last line of a cell it is shown. Keys, typed into the field: 1, 2, 3 … turn a frame on or off,
        space saves (what is not marked is absent) and goes on, ``-`` goes back, ``.`` skips.

    Raises
    ------
    FramingError
        When the file at `path` belongs to another sheet or coder.

    Examples
    --------
    >>> import tempfile
    >>> from framing import Codebook, Corpus, Document, coding_sheet
    >>> corpus = Corpus([Document(id="a", text="تعاون جديد. لقاء.")])
    >>> sheet = coding_sheet(corpus, Codebook.from_dict({"alliance": ["تعاون"]}), n=2, coders=["amal"])
    >>> coder = code_in_notebook(sheet, path=tempfile.mkdtemp() + "/amal.csv")
    >>> for key in "1  ":
    ...     coder.press(key)
    >>> coder.done, coder.codes["alliance"].tolist()
    (2, [1.0, 0.0])
    """
    given: Any = sheet
    if not isinstance(given, CodingSheet):
        message = f"sheet must be what fr.coding_sheet(corpus, codebook) returns, not {shown(given)}"
        raise FramingError(message)
    if coder is None:
        if len(sheet.coders) > 1:
            message = (
                f"this sheet is for {len(sheet.coders)} coders; say who is coding: coder= one of "
                f"{choices(sheet.coders)}"
            )
            raise FramingError(message)
        coder = sheet.coders[0]
    rows = sheet.for_coder(coder)
    if not len(rows):
        message = f"coder {coder!r} was given no unit of this sheet"
        raise FramingError(message)
    target = Path(path) if path is not None else Path("codings") / sheet.file_name(coder, ".csv")
    if not (target.parent / DESIGN_TABLE).exists():
        sheet.save_design(target.parent)
    return NotebookCoder(rows, sheet.codebook, sheet.facts(coder), target)
