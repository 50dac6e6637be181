"""Adjudication: from several coders' codes to one code per unit."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.coding import BY_PEOPLE, Codings, given_codings
from framing.errors import FramingError, FramingWarning, choices, closest
from framing.validity import csvfile, workbook
from framing.validity.cells import RawSheet, is_empty, plain, read_code, read_number
from framing.validity.codes import DESIGN, code_matrix, human_codings
from framing.validity.units import unit_of

if TYPE_CHECKING:
    import pandas as pd

RULES = ("majority", "any", "all")
_NEEDED = ("doc_id", "sentence", "frame", "decision")


def adjudicate(
    codings: Codings,
    decisions: pd.DataFrame | str | Path | None = None,
    *,
    rule: str = "majority",
    name: str = "adjudicated",
) -> Codings:
    """Settle on one code per unit and frame.

    Parameters
    ----------
    codings : Codings
        Of one or more coders.
    decisions : DataFrame, str or Path, optional
        The table of `fr.disagreements` with its column `decision` filled in (1 or 0), or a .csv or .xlsx file
        of it. A decision goes before every rule; an empty one decides nothing.
    rule : {"majority", "any", "all"} or a coder's name
        What holds where nothing was decided: more coders said so; at least one said so; all said so; this
        coder said so (where that coder did not code, the majority).
    name : str
        The coder of the result.

    Returns
    -------
    Codings
        Of one coder. What one coder alone has coded is taken over; a tie that nobody decided stays uncoded.

    Raises
    ------
    FramingError
        When decisions name a unit or frame that nobody coded, or hold anything but 1, 0 and nothing.

    Warns
    -----
    FramingWarning
        When codes are left open, with their number per frame.

    Examples
    --------
    >>> import pandas as pd
    >>> from framing.validity.codes import human_codings
    >>> row = dict(doc_id="a", paragraph=0, sentence=0, start=0, end=5, words=1, text="تعاون")
    >>> coded = pd.DataFrame([{**row, "coder": "amal", "alliance": 1}, {**row, "coder": "badr", "alliance": 0}])
    >>> both = human_codings(coded, frames=["alliance"], documents=pd.DataFrame({"doc_id": ["a"]}))
    >>> decided = pd.DataFrame([{"doc_id": "a", "sentence": 0, "frame": "alliance", "decision": 1}])
    >>> adjudicate(both, decided)
    Codings(1 spans in 1 sentences of 1 documents; frames alliance; coders adjudicated)
    """
    import pandas as pd

    codings = given_codings(codings, source=BY_PEOPLE)
    if rule not in RULES and rule not in codings.coders:
        known = (*RULES, *codings.coders)
        message = f"rule {rule!r} is not known{closest(rule, known)}; choose from {choices(known)}"
        raise FramingError(message)
    matrix = code_matrix(codings, unit=unit_of(codings))
    frames = list(codings.frames)
    keys = ["doc_id", "sentence"]
    settled = _by_rule(matrix, frames, rule, codings.coders)
    n_decided = 0
    if decisions is not None:
        n_decided = _decide(settled, _decisions(decisions), frames)
    wanted = matrix.groupby(keys, sort=False)[frames].count().reindex(settled.index) > 0
    left = (settled.isna() & wanted).sum()
    if left.any():
        counts = ", ".join(f"{frame} {n}" for frame, n in left.items() if n)
        message = (
            f"{int(left.sum())} codes are left open ({counts}) and stay uncoded; fill in the decision "
            "column of fr.disagreements(codings) and pass it as decisions="
        )
        warnings.warn(message, FramingWarning, stacklevel=2)
    units = codings.units.drop_duplicates(keys).set_index(keys)
    kept = [c for c in ("paragraph", "start", "end", "words", *DESIGN) if c in units]
    texts = codings.table.drop_duplicates(keys).set_index(keys)["evidence"]
    coded = settled.join(units[kept]).join(texts.rename("text")).reset_index().assign(coder=name)
    coded["text"] = coded["text"].astype(object).where(coded["text"].notna(), "")
    facts = {
        "unit": unit_of(codings),
        "adjudicated": {"coders": list(codings.coders), "rule": rule, "decisions": n_decided},
        "coded": dict(codings.provenance),
    }
    return human_codings(pd.DataFrame(coded), frames=frames, documents=codings.documents, facts=facts)


def _by_rule(matrix: pd.DataFrame, frames: list[str], rule: str, coders: Sequence[str]) -> pd.DataFrame:
    grouped = matrix.groupby(["doc_id", "sentence"], sort=False)[frames]
    if rule == "any":
        return grouped.max()
    if rule == "all":
        return grouped.min()
    mean = grouped.mean()
    settled = (mean > 0.5).astype(float).where(mean.notna() & (mean != 0.5))
    if rule in coders:
        preferred = matrix[matrix["coder"] == rule].set_index(["doc_id", "sentence"])[frames]
        settled = preferred.reindex(settled.index).fillna(settled)
    return settled


def _decisions(decisions: pd.DataFrame | str | Path) -> RawSheet:
    """Return the decisions as raw cells, whatever they come from."""
    if isinstance(decisions, str | Path):
        path = Path(decisions)
        sheet = workbook.read(path) if path.suffix.lower() == ".xlsx" else csvfile.read(path)
    else:
        rows = tuple(
            (n, tuple(values))
            for n, values in enumerate(decisions.astype(object).itertuples(index=False, name=None), 2)
        )
        sheet = RawSheet("decisions", tuple(map(str, decisions.columns)), rows, place="row")
    missing = [name for name in _NEEDED if name not in sheet.columns]
    if missing:
        message = (
            f"{sheet.file}: decisions need the columns {choices(_NEEDED)}, {choices(missing)} is missing; "
            "start from fr.disagreements(codings)"
        )
        raise FramingError(message)
    return sheet


def _decide(settled: pd.DataFrame, sheet: RawSheet, frames: list[str]) -> int:
    """Write decisions into `settled`; return how many there were."""
    place = {name: sheet.columns.index(name) for name in _NEEDED}
    wrong: list[str] = []
    decided: dict[Any, float] = {}
    for number, values in sheet.rows:
        value = values[place["decision"]]
        if is_empty(value) or str(value) == "<NA>":
            continue
        key: tuple[Any, Any] = (plain(values[place["doc_id"]]), read_number(values[place["sentence"]]))
        frame = plain(values[place["frame"]])
        code, remark = read_code(value)
        where = sheet.cell(number, "decision")
        if remark == "unknown code":
            wrong.append(f"{where} {plain(value)[:30]!r}: a decision is 1 or 0")
        elif frame not in frames:
            wrong.append(f"{where}: no frame {frame!r}{closest(frame, frames)}")
        elif key not in settled.index:
            wrong.append(f"{where}: nobody coded sentence {key[1]} of {key[0]!r}")
        elif decided.get((key, frame), code) != code:
            wrong.append(f"{where}: sentence {key[1]} of {key[0]!r} is decided twice, differently")
        else:
            decided[key, frame] = code
    if wrong:
        more = f"; and {len(wrong) - 8} more" if len(wrong) > 8 else ""
        message = f"{Path(sheet.file).name}: {'; '.join(wrong[:8])}{more}"
        raise FramingError(message)
    for (key, frame), code in decided.items():
        settled.loc[key, frame] = np.float64(code)
    return len(decided)
