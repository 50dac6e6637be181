"""A codebook as a scikit-learn transformer."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from framing.codebook import Codebook, load_codebook
from framing.coding import code
from framing.corpus import Corpus, Document
from framing.errors import FramingError, FramingWarning, choices, closest
from framing.language import MARGINS
from framing.lexicon.nested import outermost

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEATURES = ("frames", "entries")
FIGURES = ("hits", "weighted", "rate")
SCOPES = ("key", "dictionary")


class CodebookVectorizer(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Turn texts into counts of a codebook's frames or entries.

    A column per frame (or per entry), a row per text. Nothing is learned from the texts: `fit` only makes the
    codebook ready.

    Parameters
    ----------
    codebook : str, Path, Codebook or mapping
        As for `fr.load_codebook`, or a mapping from frame to terms as for `Codebook.from_dict`.
    features : {"frames", "entries"}
        What the columns are; entries are named ``frame:term``.
    figure : {"hits", "weighted", "rate"}
        Number of hits, sum of their weights, or 1000 · weighted / N (N: number of words; missing, with a
        warning, for a text without words).
    nested_scope : {"key", "dictionary"}
        As in quanteda: frames are independent of each other, or a hit inside a longer hit of another frame
        does not count.
    negation : bool
        Leave negated hits out. Without it every hit counts, as in other tools.
    margin : {"strict", "default", "recall"}
        Which readings of an ambiguous word count; see `fr.code`.
    sparse : bool
        Return a SciPy CSR matrix: for many entries. Not with ``set_output(transform="pandas")``.

    Attributes
    ----------
    codebook_ : Codebook
    feature_names_ : list of str

    Examples
    --------
    >>> vectorizer = CodebookVectorizer({"alliance": ["تعاون", "صداقة"], "war": ["حرب"]})
    >>> vectorizer.fit_transform(["التعاون والصداقة", "لا تعاون بعد الحرب"]).tolist()
    [[2.0, 0.0], [0.0, 1.0]]
    >>> vectorizer.get_feature_names_out().tolist()
    ['alliance', 'war']
    """

    def __init__(
        self,
        codebook: str | Path | Codebook | Mapping[str, Iterable[Any]] = "cuba-russia-us",
        *,
        features: str = "frames",
        figure: str = "hits",
        nested_scope: str = "key",
        negation: bool = True,
        margin: str = "default",
        sparse: bool = False,
    ) -> None:
        self.codebook = codebook
        self.features = features
        self.figure = figure
        self.nested_scope = nested_scope
        self.negation = negation
        self.margin = margin
        self.sparse = sparse

    def fit(self, X: Iterable[str], y: Any = None) -> CodebookVectorizer:  # noqa: ARG002, N803 - scikit-learn's names
        """Make the codebook ready; the texts are only checked.

        Parameters
        ----------
        X : iterable of str, or Corpus
        y : ignored
        """
        for name, allowed in (
            ("features", FEATURES),
            ("figure", FIGURES),
            ("nested_scope", SCOPES),
            ("margin", MARGINS),
        ):
            value = getattr(self, name)
            if value not in allowed:
                message = (
                    f"{name}={value!r} is not known{closest(str(value), allowed)}; choose one of {choices(allowed)}"
                )
                raise FramingError(message)
        _texts(X)
        self.codebook_ = _codebook(self.codebook)
        if self.features == "frames":
            keys: list[Any] = list(self.codebook_.frames)
            self.feature_names_ = list(map(str, keys))
        else:
            frames = self.codebook_.frames.values()
            keys = list(dict.fromkeys((frame.id, entry.term) for frame in frames for entry in frame.entries))
            self.feature_names_ = [f"{frame}:{entry}" for frame, entry in keys]
        self._column = {key: number for number, key in enumerate(keys)}
        return self

    def fit_transform(self, X: Iterable[str], y: Any = None) -> Any:  # noqa: N803
        """Make the codebook ready and return the figures of each text."""
        texts = X if hasattr(X, "__len__") else list(X)  # an iterator gives its texts only once
        return self.fit(texts, y).transform(texts)

    def transform(self, X: Iterable[str]) -> Any:  # noqa: N803
        """Return the figures of each text.

        Parameters
        ----------
        X : iterable of str, or Corpus

        Returns
        -------
        array of float, shape (number of texts, number of features), or CSR matrix
        """
        check_is_fitted(self)
        texts = _texts(X)
        corpus = Corpus([Document(id=str(number), text=text) for number, text in enumerate(texts)], "texts")
        codings = code(corpus, self.codebook_, margin=self.margin, negation=self.negation, voice=False)
        if self.nested_scope == "dictionary":
            codings = outermost(codings)
        table = codings.table[~codings.table["negated"].astype(bool)]
        rows = table["doc_id"].astype(np.int64).to_numpy()
        if self.features == "frames":
            columns = [self._column[frame] for frame in table["frame"]]
        else:
            columns = [self._column[key] for key in zip(table["frame"], table["entry"], strict=True)]
        values = np.ones(len(table)) if self.figure == "hits" else table["weight"].to_numpy(float)
        if self.figure == "rate":
            values = values * _per_thousand(codings.documents["words"].to_numpy(float))[rows]
        shape = (len(texts), len(self.feature_names_))
        if self.figure == "rate":
            _warn_of_empty(codings.documents["words"].to_numpy() == 0, shown="0" if self.sparse else "missing")
        if self.sparse:
            from scipy.sparse import csr_matrix

            return csr_matrix((values, (rows, np.asarray(columns, np.int64))), shape=shape)
        dense = np.zeros(shape)
        np.add.at(dense, (rows, np.asarray(columns, np.int64)), values)
        if self.figure == "rate":
            dense[codings.documents["words"].to_numpy() == 0] = np.nan
        return dense

    def get_feature_names_out(self, input_features: Any = None) -> Any:  # noqa: ARG002
        """Return the names of the columns, an object array."""
        check_is_fitted(self)
        return np.asarray(self.feature_names_, object)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.target_tags.required = False
        return tags


def _codebook(given: Any) -> Codebook:
    if isinstance(given, Codebook):
        return given
    if isinstance(given, Mapping):
        return Codebook.from_dict(given)
    return load_codebook(given)


def _texts(given: Any) -> list[str]:
    if isinstance(given, Corpus):
        return [document.text for document in given]
    if isinstance(given, str):
        message = "texts are expected as a list, a series or a corpus, not one string; write [text]"
        raise FramingError(message)
    if getattr(given, "ndim", 1) != 1:
        message = (
            f"texts are expected in one column, not in a table of shape {given.shape}; choose the column with the text"
        )
        raise FramingError(message)
    texts = list(given)
    for number, text in enumerate(texts):
        if isinstance(text, Document):
            texts[number] = text.text
        elif not isinstance(text, str):
            message = (
                f"text number {number} is {type(text).__name__} ({text!r:.40}), not a string; drop it or fill it in"
            )
            raise FramingError(message)
    return texts


def _per_thousand(words: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(1000.0, words, out=np.zeros(len(words)), where=words > 0)


def _warn_of_empty(empty: NDArray[np.bool_], *, shown: str) -> None:
    if empty.any():
        message = f"{int(empty.sum())} of {len(empty)} texts have no words, and so no rate: it is given as {shown}"
        warnings.warn(message, FramingWarning, stacklevel=4)
