"""Which entries of the lexicon a conclusion hangs on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from framing.compare.copies import sketches_in, warn_of_copies_in
from framing.compare.reference import Focal, Reference, choose, metadata_of
from framing.compare.standing import standing
from framing.errors import FramingError

if TYPE_CHECKING:
    import pandas as pd

    from framing.coding import Codings


def entry_influence(
    codings: Codings,
    *,
    focal: Focal,
    reference: Reference = None,
    alpha: float = 0.05,
) -> pd.DataFrame:
    """Leave out one entry of the lexicon after the other, and see what becomes of the comparison.

    Parameters
    ----------
    codings : Codings
        Of the focal and the reference documents together.
    focal, reference
        As in `fr.compare`.
    alpha : float
        Level of p at which a conclusion is drawn.

    Returns
    -------
    Table
        One row per frame and entry with a hit in these documents, the most influential first: `frame`, `entry`,
        `hits_focal`, `hits_reference`, `share_focal` (of the focal hits of the frame), `difference` (of rates per
        1,000 words, with all entries), `difference_without`, `influence` (the one minus the other), `p`,
        `p_without`, and `decisive`: without this entry the difference changes its sign, or p crosses `alpha`.

    Notes
    -----
    An entry that is left out takes its hits with it; shorter entries inside it do not come in its place. Rates
    are not shrunk. p is the permutation p of a single focal document (its rank among all, as in `fr.compare`) and
    that of the t test for a group.

    Examples
    --------
    >>> from framing import Codebook, Corpus, Document, code
    >>> texts = {"a": "تعاون وتعاون وصداقة", "b": "خبر عن لقاء جديد", "c": "صداقة في خبر آخر"}
    >>> corpus = Corpus(Document(id=id, text=text) for id, text in texts.items())
    >>> codings = code(corpus, Codebook.from_dict({"alliance": ["تعاون", "صداقة"]}))
    >>> entry_influence(codings, focal="a")[["entry", "hits_focal", "influence"]].round(1).values.tolist()
    [['تعاون', 2, 666.7], ['صداقة', 1, 208.3]]
    """
    import pandas as pd
    from scipy import sparse

    from framing.coding import given_codings
    from framing.table import Table

    codings = given_codings(codings)
    if len(codings.coders) > 1:
        message = f"these codings are of {len(codings.coders)} coders; choose one with codings.where(coder=…)"
        raise FramingError(message)
    documents = metadata_of(codings)
    chosen = choose(documents, focal, reference, None)
    warn_of_copies_in(chosen, sketches_in(codings.documents), stacklevel=2)
    index = pd.Index(documents["doc_id"])
    words = np.bincount(
        index.get_indexer(codings.units["doc_id"]), codings.units["words"], minlength=len(index)
    ).astype(float)
    kept = (chosen.focal | chosen.reference) & (words > 0)
    if not (chosen.focal & kept).any():
        message = f"the focal document ({chosen.focal_label}) has no words, so it cannot be compared"
        raise FramingError(message)
    mine = chosen.focal[kept]
    hits = codings.table[~codings.table["negated"].to_numpy(bool)]
    at = index.get_indexer(hits["doc_id"])
    tables = []
    for frame in codings.frames:
        here = (hits["frame"] == frame).to_numpy(bool) & kept[at]
        number, entries = pd.factorize(hits["entry"][here])
        shape = (len(index), len(entries) + 1)
        cells = (at[here], number)
        weight = sparse.csr_matrix((hits["weight"].to_numpy(float)[here], cells), shape).toarray()[kept]
        counts = sparse.csr_matrix((np.ones(here.sum()), cells), shape).toarray()[kept][:, :-1]
        found = standing(1000 * (weight.sum(axis=1, keepdims=True) - weight) / words[kept, None], mine, 0.95)
        difference, p = found.difference[-1], found.p[-1]  # the last column left nothing out
        without, p_without = found.difference[:-1], found.p[:-1]
        focal_hits = counts[mine].sum(axis=0)
        table = pd.DataFrame(
            {
                "frame": frame,
                "entry": np.asarray(entries, object),
                "hits_focal": focal_hits.astype(np.int64),
                "hits_reference": counts[~mine].sum(axis=0).astype(np.int64),
                "share_focal": focal_hits / focal_hits.sum() if focal_hits.sum() else np.nan,
                "difference": difference,
                "difference_without": without,
                "influence": difference - without,
                "p": p,
                "p_without": p_without,
                "decisive": (np.sign(without) != np.sign(difference)) | ((p_without < alpha) != (p < alpha)),
            }
        )
        tables.append(table.iloc[np.argsort(-np.abs(table["influence"].to_numpy()), kind="stable")])
    result = Table(pd.concat(tables, ignore_index=True))
    facts = {"focal": chosen.focal_label, "reference": chosen.reference_label, "alpha": alpha}
    result.attrs["provenance"] = {**codings.provenance, **facts}
    return result
