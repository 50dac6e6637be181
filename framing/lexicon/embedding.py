"""Words that are used like those of a frame: fastText vectors of the user's corpus."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from framing import progress

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framing.lexicon.wordstream import Wordstream

    Ints = NDArray[np.int64]

SIZE = 100
#: Buckets for subwords: gensim's default of two million would take 800 MB.
BUCKETS = 200_000
#: Of how many of a frame's words, the nearest ones, the similarity is averaged.
_SEEDS = 3
_WORDS_IN_ALL = 5_000_000
_NEGLIGIBLE = 1e-12


def enough_epochs(n_words: int) -> int:
    """Return how often to pass over a corpus of this size.

    Chosen by hiding half of the words of each frame and looking for them: on 15,000 words 60 passes find them best,
    on 180,000 words 30; subwords help, and taking out principal components does not.

    >>> [enough_epochs(n) for n in (15_000, 180_000, 3_000_000)]
    [60, 27, 5]
    """
    return int(np.clip(_WORDS_IN_ALL / max(n_words, 1), 5, 60))


def train(stream: Wordstream, *, window: int, epochs: int, random_state: int) -> NDArray[np.float64]:
    """Return a vector of unit length per unit of the stream; zero for stop words and rare units."""
    from gensim.models import FastText
    from gensim.models.callbacks import CallbackAny2Vec

    class Bar(CallbackAny2Vec):  # type: ignore[misc]
        def on_epoch_end(self, _model: Any) -> None:
            bar.update()

    frequent = {stream.keys[unit] for unit in stream.frequent.tolist()}
    sentences = [[word for word in sentence if word in frequent] for sentence in stream.sentences()]
    with progress.bar(what="training embeddings", unit="epochs", total=epochs) as bar:
        model = FastText(
            sentences=sentences,
            vector_size=SIZE,
            window=window,
            min_count=1,
            sg=1,
            negative=5,
            min_n=3,
            max_n=6,
            bucket=BUCKETS,
            epochs=epochs,
            seed=random_state,
            workers=1,
            callbacks=[Bar()],
        )
    vectors = np.zeros((len(stream.keys), SIZE))
    for unit in stream.frequent.tolist():
        vectors[unit] = model.wv[stream.keys[unit]]
    vectors[stream.frequent] -= vectors[stream.frequent].mean(axis=0)  # what all words share tells none apart
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit_vectors: NDArray[np.float64] = np.divide(
        vectors, length, out=np.zeros_like(vectors), where=length > _NEGLIGIBLE
    )
    return unit_vectors


def similar(
    vectors: NDArray[np.float64], stream: Wordstream, first: Ints, last: Ints, candidates: Ints, *, n: int
) -> dict[int, tuple[float, str]]:
    """Return the `n` candidates most similar to the units that are hits, with their similarity and nearest hits."""
    seeds = _seeds(stream, first, last)
    seeds = seeds[np.isin(seeds, stream.frequent)]
    if not len(seeds) or not len(candidates):
        return {}
    cosine = vectors[candidates] @ vectors[seeds].T
    take = min(_SEEDS, len(seeds))
    nearest = np.argsort(-cosine, axis=1, kind="stable")[:, :take]
    score = np.take_along_axis(cosine, nearest, axis=1).mean(axis=1)
    found = {}
    for row in np.argsort(-score, kind="stable")[:n].tolist():
        names = [stream.readable[seeds[at]] for at in nearest[row].tolist()]
        found[int(candidates[row])] = (
            float(score[row]),
            "، ".join(names) if not names[0].isascii() else ", ".join(names),
        )
    return found


def _seeds(stream: Wordstream, first: Ints, last: Ints) -> Ints:
    """Return the units that are hits as a whole: words or phrases, not the words of a longer hit."""
    hits = set(zip(first.tolist(), last.tolist(), strict=True))
    rows = [
        row for row, span in enumerate(zip(stream.first.tolist(), stream.last.tolist(), strict=True)) if span in hits
    ]
    return np.unique(stream.unit[np.asarray(rows, np.int64)])
