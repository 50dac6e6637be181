"""Pairing: what the machine and a person said about the same units, and what each coded unit stands for."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from framing.coding import MEASURED
from framing.errors import FramingError, FramingWarning, choices, closest
from framing.validity.codes import code_matrix, frames_of, one_coder
from framing.validity.units import first_sentences, unit_of

if TYPE_CHECKING:
    import pandas as pd

    from framing.coding import Codings

Floats = NDArray[np.float64]
#: Columns of a unit, beside the documents' metadata, by which results can be split.
SPLITS = ("voice", "speaker", "side", "paragraph")


@dataclasses.dataclass(frozen=True, eq=False)
class Paired:
    """Both codes of every unit that the machine coded.

    Attributes
    ----------
    units : DataFrame
        `doc_id, sentence` (first of the unit) and the columns asked for; one row per unit.
    frames : tuple of str
    machine : array (units, frames)
        1 found, 0 not found.
    human : array (units, frames)
        The same by people; NaN where nobody coded.
    inclusion : array (units, frames)
        The share of the units of its stratum that were coded, NaN where not coded. Its inverse is the number
        of units that a coded one stands for.
    stratum : array (units, frames)
        Number of the stratum of each coded unit, −1 where not coded or not part of the design.
    unit : str
    provenance : dict
    """

    units: pd.DataFrame
    frames: tuple[str, ...]
    machine: Floats
    human: Floats
    inclusion: Floats
    stratum: NDArray[np.int64]
    unit: str
    provenance: dict[str, Any]

    def groups(self, by: Sequence[str]) -> tuple[NDArray[np.int64], list[tuple[Any, ...]]]:
        """Return the number of each unit's group and the labels of the groups, in order of appearance."""
        if not by:
            return np.zeros(len(self.units), np.int64), [()]
        values = self.units[list(by)].astype(object)
        keys = list(values.where(values.notna(), None).itertuples(index=False, name=None))
        labels = list(dict.fromkeys(keys))
        number = {label: row for row, label in enumerate(labels)}
        return np.asarray([number[key] for key in keys], np.int64), labels


def pair(
    machine: Codings,
    human: Codings,
    *,
    by: str | Sequence[str] | None = None,
    frames: str | Sequence[str] | None = None,
) -> Paired:
    """Bring the codes of a machine and of one human coder together, unit by unit.

    Raises
    ------
    FramingError
        When either is of several coders, when a unit that people coded was not coded by the machine, or when
        they have no frame in common.

    Warns
    -----
    FramingWarning
        When frames are left out because only one side coded them, or when the sample has no design.
    """
    import pandas as pd

    machine, human = one_coder(machine, "machine"), one_coder(human, "human")
    wanted = _common(machine, human, frames)
    unit, columns = unit_of(human), [by] if isinstance(by, str) else list(by or ())
    ours = code_matrix(machine, unit=unit)
    index = pd.MultiIndex.from_frame(ours[["doc_id", "sentence"]])
    theirs = code_matrix(human).set_index(["doc_id", "sentence"])
    stray = ~theirs.index.isin(index)
    if stray.any():
        shown = [f"{unit} {number} of {doc_id!r}" for doc_id, number in theirs.index[stray][:4]]
        message = (
            f"{stray.sum():,} units were coded by people but not by the machine: "
            f"{', '.join(shown)}{' …' if stray.sum() > 4 else ''}; code the same corpus, or leave them out "
            "with human.where(doc_id=…)"
        )
        raise FramingError(message)
    found = ours[wanted].to_numpy(float)
    if np.isnan(found).any():
        message = "the machine codings have frames that were not coded in some units; a machine must code every unit"
        raise FramingError(message)
    codes = theirs[wanted].reindex(index).to_numpy(float)
    inclusion, stratum = _design(human, index, codes)
    units = ours[["doc_id", "sentence"]].copy()
    for name in columns:
        units[name] = column_of(machine, units, name, unit)
    facts = {**dict(machine.provenance), "human": dict(human.provenance), "unit": unit}
    return Paired(units, tuple(wanted), found, codes, inclusion, stratum, unit, facts)


def _common(machine: Codings, human: Codings, frames: str | Sequence[str] | None) -> list[str]:
    if frames is not None:
        frames_of(human, frames)
        return frames_of(machine, frames)
    both = [frame for frame in machine.frames if frame in human.frames]
    if not both:
        message = (
            f"machine and people have no frame in common: {choices(machine.frames)} against {choices(human.frames)}"
        )
        raise FramingError(message)
    alone = [frame for frame in human.frames if frame not in both]
    if alone:
        message = (
            f"frames {choices(alone)} were coded by people only and are left out; the machine coded "
            f"{choices(machine.frames)}"
        )
        warnings.warn(message, FramingWarning, stacklevel=4)
    return both


def _design(human: Codings, index: pd.MultiIndex, codes: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Return inclusion and stratum of each coded unit, per frame.

    What counts is who was coded in the end: in a stratum of N units of which m were coded the inclusion is
    m / N, whether coders skipped some or one coder had but a part.
    """
    units = human.units.drop_duplicates(["doc_id", "sentence"]).set_index(["doc_id", "sentence"]).reindex(index)
    known = ~np.isnan(codes)
    if "stratum" in units and "stratum_units" in units and units["stratum"].notna().any():
        return _stratified(units, known)
    if "inclusion" in units and units["inclusion"].notna().any():
        inclusion = np.where(known, units["inclusion"].to_numpy(float)[:, None], np.nan)
        levels = np.unique(inclusion[~np.isnan(inclusion)])
        return inclusion, np.where(np.isnan(inclusion), -1, np.searchsorted(levels, np.nan_to_num(inclusion)))
    share, coded = known.mean(axis=0), int(known.any(axis=1).sum())
    if coded < len(codes):
        message = (
            f"the human codings carry no inclusion probabilities; their {coded:,} units are taken as a simple random "
            f"sample of the {len(codes):,} that the machine coded. If they were chosen otherwise, read the sheets "
            "with design="
        )
        warnings.warn(message, FramingWarning, stacklevel=5)
    return np.where(known, share, np.nan), np.where(known, 0, -1)


def _stratified(units: pd.DataFrame, known: NDArray[np.bool_]) -> tuple[Floats, NDArray[np.int64]]:
    import pandas as pd

    stratum, names = pd.factorize(units["stratum"])
    size = np.zeros(len(names))
    size[stratum[stratum >= 0]] = units["stratum_units"].to_numpy(float)[stratum >= 0]
    inclusion = np.full(known.shape, np.nan)
    number = np.full(known.shape, -1, np.int64)
    for column in range(known.shape[1]):
        here = known[:, column] & (stratum >= 0)
        coded = np.bincount(stratum[here], minlength=len(names))
        inclusion[here, column] = (coded / size)[stratum[here]]
        number[here, column] = stratum[here]
    reached = size[np.unique(number[number >= 0])].sum()
    if reached < len(units) - 0.5:
        message = (
            f"the strata with codes hold {int(reached):,} of {len(units):,} units; the others were judged "
            "by the machine alone"
        )
        warnings.warn(message, FramingWarning, stacklevel=6)
    return inclusion, number


def column_of(machine: Codings, units: pd.DataFrame, name: str, unit: str) -> Any:
    """Return a metadata column, or what a unit's words mostly are (their voice, speaker, side)."""
    import pandas as pd

    documents = machine.documents
    metadata = [c for c in documents.columns if c not in MEASURED]
    if name in metadata:
        return (
            units["doc_id"].map(documents.set_index("doc_id")[name]).to_numpy(object)
            if name != "doc_id"
            else units["doc_id"].to_numpy(object)
        )
    if name not in SPLITS:
        known = [*metadata, *SPLITS]
        message = f"results cannot be split by {name!r}{closest(name, known)}; choose from {choices(known)}"
        raise FramingError(message)
    if unit == "document":
        message = f"documents cannot be split by {name!r}: one has several; split by metadata, or code sentences"
        raise FramingError(message)
    table = machine.units[["doc_id", "sentence", "words", name]]
    first = first_sentences(machine, unit)
    place = first.reindex(pd.MultiIndex.from_frame(table[["doc_id", "sentence"]])).to_numpy()
    table = table.assign(sentence=place)
    words = table.groupby(["doc_id", "sentence", name], sort=False, dropna=False)["words"].sum().reset_index()
    most = words.sort_values("words", ascending=False, kind="stable").drop_duplicates(["doc_id", "sentence"])
    values = most.set_index(["doc_id", "sentence"])[name]
    return values.reindex(pd.MultiIndex.from_frame(units[["doc_id", "sentence"]])).to_numpy(object)
