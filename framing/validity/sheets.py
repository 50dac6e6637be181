"""Coding sheets: a sample of units, blinded and shuffled, for people to code."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from framing import provenance
from framing.codebook import Codebook, given_codebook
from framing.coding import Codings, code, given_codings
from framing.corpus import Corpus, given_corpus
from framing.errors import FramingError, choices, closest
from framing.files import replacing
from framing.validity import csvfile, inception, label_studio, workbook
from framing.validity.sampling import draw, rarest_find, stratify
from framing.validity.units import check_unit, corpus_units, sentences, with_context

if TYPE_CHECKING:
    import pandas as pd

#: How a sheet can be written: the writer of one coder's file, and the file's ending.
FORMATS: Mapping[str, tuple[Callable[..., None], str]] = {
    "xlsx": (workbook.write, ".xlsx"),
    "csv": (csvfile.write, ".csv"),
    "label-studio": (label_studio.write, ".label-studio.json"),
    "inception": (inception.write, ".inception.tsv"),
}
#: The files that the researcher keeps: what was drawn, and how.
DESIGN_TABLE, DESIGN_FACTS = "design.csv", "design.json"


@dataclasses.dataclass(frozen=True, eq=False)
class CodingSheet:
    """A sample to be coded by people.

    Attributes
    ----------
    table : DataFrame
        One row per coder and unit, in the order in which that coder sees them: `coder`, `order`, `unit_id`,
        `text`, `before`, `after` (the neighbouring units; empty where none are shown).
    design : DataFrame
        One row per drawn unit: `unit_id, doc_id, paragraph, sentence, start, end, words, text, stratum,
        stratum_units, inclusion, coders`. It shows what a coder must not see.
    codebook : Codebook
        Its definitions and rules go onto the sheet, its word lists do not.
    unit : str
    provenance : mapping
    """

    table: pd.DataFrame
    design: pd.DataFrame
    codebook: Codebook
    unit: str
    provenance: Mapping[str, Any]

    def __repr__(self) -> str:
        shared = int((self.design["coders"].str.count("\n") + 1 == len(self.coders)).sum())
        both = f", {shared:,} of them by all" if len(self.coders) > 1 else ""
        units = f"{len(self.design):,} {self.unit}s for {', '.join(self.coders)}{both}"
        return f"CodingSheet({units}; frames {', '.join(self.frames)})"

    def _repr_html_(self) -> str:
        import html

        groups = self.design.groupby("stratum", sort=True)
        sizes = groups.agg(
            drawn=("unit_id", "size"), of=("stratum_units", "first"), inclusion=("inclusion", "first")
        ).reset_index()
        return f"<p>{html.escape(repr(self))}</p>{sizes.to_html(index=False, float_format='{:.3f}'.format)}"

    def __len__(self) -> int:
        return len(self.design)

    @property
    def coders(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.table["coder"]))

    @property
    def frames(self) -> tuple[str, ...]:
        return tuple(self.codebook.frames)

    def for_coder(self, coder: str) -> pd.DataFrame:
        """Return the rows of one coder, in order."""
        if coder not in self.coders:
            message = f"this sheet has no coder {coder!r}{closest(coder, self.coders)}; coders: {choices(self.coders)}"
            raise FramingError(message)
        return self.table[self.table["coder"] == coder].reset_index(drop=True)

    def facts(self, coder: str) -> dict[str, str]:
        """Return what a coder's file says about itself: nothing about the corpus beyond its name and hash."""
        p = self.provenance
        return {
            "made by": f"framing {p['versions'].get('framing', '')}".strip(),
            "coder": coder,
            "unit": self.unit,
            "frames": " ".join(self.frames),
            "corpus": str(p["corpus"]),
            "corpus_sha256": str(p["corpus_sha256"]),
            "codebook": str(p["codebook"]),
            "codebook_sha256": str(p["codebook_sha256"]),
        }

    def file_name(self, coder: str, ending: str) -> str:
        """Return the name of a coder's file."""
        return f"sheet-{_file_name(coder)}{ending}"

    def save(self, folder: str | Path, format: str = "xlsx") -> list[Path]:
        """Write one file per coder, and the design beside them.

        Parameters
        ----------
        folder : str or Path
            Made when it is missing. ``design.csv`` and ``design.json`` (probabilities, seed, hashes) belong to
            the researcher; hand out only the coders' files.
        format : {"xlsx", "csv", "label-studio", "inception"}
            A workbook (right to left, drop-downs, codebook tab); a CSV file; tasks and labelling interface for
            Label Studio; a WebAnno TSV file and layer definition for INCEpTION.

        Returns
        -------
        list of Path
            The coders' files. None that exists is overwritten: codes may be in it.
        """
        if format not in FORMATS:
            message = f"format {format!r} is not known{closest(format, FORMATS)}; choose one of {choices(FORMATS)}"
            raise FramingError(message)
        write, ending = FORMATS[format]
        folder = Path(folder)
        targets = {coder: folder / self.file_name(coder, ending) for coder in self.coders}
        there = [path for path in (*targets.values(), folder / DESIGN_TABLE) if path.exists()]
        if there:
            message = f"{there[0]}: exists already, and may hold codes; choose another folder or move it away first"
            raise FramingError(message)
        folder.mkdir(parents=True, exist_ok=True)
        for coder, path in targets.items():
            write(path, self.for_coder(coder), codebook=self.codebook, facts=self.facts(coder))
        self.save_design(folder)
        return list(targets.values())

    def save_design(self, folder: str | Path) -> Path:
        """Write ``design.csv`` and ``design.json`` into a folder: what was drawn, with what probability, how."""
        folder = Path(folder)
        coders = self.design["coders"].str.replace("\n", "; ")
        csvfile.write_table(folder / DESIGN_TABLE, self.design.drop(columns="text").assign(coders=coders))
        facts = {**self.facts(""), **self.provenance, "coders": list(self.coders)}
        facts.pop("coder")
        content = json.dumps(facts, ensure_ascii=False, indent=1, default=str) + "\n"
        with replacing(folder / DESIGN_FACTS) as file:
            file.write(content)
        return folder / DESIGN_TABLE


def coding_sheet(
    corpus: Corpus,
    codebook: Codebook,
    *,
    n: int | None = 200,
    unit: str = "sentence",
    strata: str | Iterable[str] | None = None,
    coders: int | Iterable[str] = 2,
    overlap: float = 1.0,
    oversample: float = 0.5,
    context: bool = True,
    machine: Codings | None = None,
    random_state: int = 0,
) -> CodingSheet:
    """Draw a sample of units for people to code.

    Parameters
    ----------
    corpus : Corpus
    codebook : Codebook
        Its frames are coded for; its definitions and rules guide the coders.
    n : int, optional
        Units on the sheet; None for all.
    unit : {"sentence", "paragraph", "document"}
    strata : str or list of str, optional
        Metadata columns (``outlet``) within each of which the sample is drawn in proportion.
    coders : int or list of str
        How many, or their names.
    overlap : float
        Share of the units that every coder gets; the others go to one coder each. Agreement can only be
        measured where codings overlap.
    oversample : float
        Share of the sample for units in which the engine found a frame, each frame (the rarest of a unit)
        getting the same; 0 draws all units alike. What is drawn more often weighs less in every estimate.
    context : bool
        Show the unit before and the unit after, to be read but not coded.
    machine : Codings, optional
        Of the whole corpus by `codebook`, where it is at hand; else the corpus is coded here.
    random_state : int

    Returns
    -------
    CodingSheet
        Coders see neither document, outlet, stratum nor what the engine found; each has another order.

    Raises
    ------
    FramingError
        When `n` is smaller than the number of strata.

    Notes
    -----
    The probability of a unit to be drawn is n_h / N_h, with N_h the units of its stratum (metadata ×
    rarest frame found × found nothing) and n_h those drawn; it is recorded as `inclusion`.

    Examples
    --------
    >>> from framing import Codebook, Corpus, Document
    >>> corpus = Corpus([Document(id=str(i), text="تعاون جديد." if i < 3 else "وصل الوفد.") for i in range(12)])
    >>> sheet = coding_sheet(corpus, Codebook.from_dict({"alliance": ["تعاون"]}), n=6, coders=["amal", "badr"])
    >>> sheet.design.groupby("stratum")["inclusion"].agg(["size", "first"]).round(2).values.tolist()
    [[3.0, 1.0], [3.0, 0.33]]
    """
    import pandas as pd

    corpus, codebook = given_corpus(corpus), given_codebook(codebook)
    machine = None if machine is None else given_codings(machine, "machine")
    check_unit(unit)
    names = _coder_names(coders)
    if not 0 <= overlap <= 1:
        message = f"overlap is the share of units that all coders get, from 0 to 1, not {overlap!r}"
        raise FramingError(message)
    if not codebook.frames:
        message = f"codebook {codebook.name!r} has no frame, so there is nothing to code"
        raise FramingError(message)
    if n is not None and n < 1:
        message = f"n={n}: at least one unit must be drawn; None takes all"
        raise FramingError(message)
    blank = sentences(corpus)
    units = corpus_units(corpus, unit, blank=blank)
    if not len(units):
        message = f"corpus {corpus.name!r} has no {unit}s: every text is empty"
        raise FramingError(message)
    find = None
    if oversample > 0:
        find = rarest_find(units, machine or code(corpus, codebook), unit)
    strata = [strata] if isinstance(strata, str) else list(strata or ())
    rng = np.random.default_rng(random_state)
    with_strata = stratify(with_context(units), blank.documents, strata, find)
    sample = draw(with_strata, n=n, oversample=oversample, rng=rng)
    assigned = _assign(len(sample), names, overlap, rng)
    rows = []
    for coder, mine in assigned.items():
        shown = sample.iloc[rng.permutation(np.flatnonzero(mine))][["unit_id", "text", "before", "after"]]
        rows.append(shown.assign(coder=coder, order=np.arange(1, len(shown) + 1)))
    table = pd.concat(rows, ignore_index=True)[["coder", "order", "unit_id", "text", "before", "after"]]
    if not context:
        table = table.assign(before="", after="")
    seen_by = np.column_stack(list(assigned.values()))
    who = ["\n".join(name for name, mine in zip(names, row, strict=True) if mine) for row in seen_by.tolist()]
    facts = provenance.record(
        corpus=corpus.name,
        corpus_sha256=corpus.fingerprint,
        codebook=codebook.name,
        codebook_version=codebook.version,
        codebook_sha256=codebook.fingerprint,
        unit=unit,
        n=len(sample),
        of=len(units),
        strata=strata,
        overlap=overlap,
        oversample=oversample,
        random_state=random_state,
    )
    return CodingSheet(table, sample.drop(columns=["before", "after"]).assign(coders=who), codebook, unit, facts)


def _coder_names(coders: int | Iterable[str]) -> list[str]:
    names = (
        [f"coder-{k + 1}" for k in range(coders)] if isinstance(coders, int) else [str(name).strip() for name in coders]
    )
    if not names or not all(names):
        message = f"coders={coders!r}: give the number of coders (at least 1) or a name for each"
        raise FramingError(message)
    odd = [name for name in names if ";" in name or "\n" in name or "=" in name]
    if odd:
        message = f"coders: the name {odd[0]!r} holds a semicolon, equals sign or line break; choose a plain name"
        raise FramingError(message)
    files = [_file_name(name) for name in names]
    if len(set(files)) < len(files):
        message = f"coders={names}: two of them have the same name (or the same file name); tell them apart"
        raise FramingError(message)
    return names


def _file_name(coder: str) -> str:
    return re.sub(r"[^\w.-]+", "-", coder).strip("-.").casefold() or "coder"


def _assign(n: int, names: Sequence[str], overlap: float, rng: np.random.Generator) -> dict[str, Any]:
    """Return who codes what: by coder, a boolean array over the sample."""
    order = rng.permutation(n)
    shared = round(overlap * n)
    mine = {name: np.zeros(n, bool) for name in names}
    for place, row in enumerate(order.tolist()):
        for number, name in enumerate(names):
            mine[name][row] = place < shared or (place - shared) % len(names) == number
    return mine
