"""Generated input for the speed benchmarks: documents and entries with the frequencies of Arabic, from a seed.

    python benchmarks/generated.py [--documents N]

Words are drawn independently, as often as they occur in Arabic (wordfreq's list), into sentences of 12 to 29
words and paragraphs of three sentences; 300 words a document. It is not language: nothing but speed may be
measured on it. Run as a script it prints what such documents are like.
"""

from __future__ import annotations

import argparse
import functools
from collections.abc import Iterator

import numpy as np

import framing as fr

WORDS = 300  # per document
TYPES = 100_000  # different words, the most frequent ones
OUTLETS = tuple(f"outlet-{number}" for number in range(7))


@functools.lru_cache(maxsize=1)
def words() -> tuple[np.ndarray, np.ndarray]:
    """Return wordfreq's Arabic words in the order of their frequency, and these frequencies."""
    import wordfreq

    listed = wordfreq.get_frequency_dict("ar", wordlist="large")
    found = {w: f for w, f in listed.items() if len(w) > 1 and all("\u0621" <= c <= "\u064a" for c in w)}
    ordered = sorted(found, key=lambda word: (-found[word], word))
    return np.asarray(ordered, object), np.asarray([found[word] for word in ordered])


def texts(n: int, *, length: int = WORDS, seed: int = 0, types: int = TYPES) -> Iterator[str]:
    """Yield `n` texts of `length` words, drawn from the `types` most frequent words."""
    known, frequency = words()
    known, share = known[:types], np.cumsum(frequency[:types]) / frequency[:types].sum()
    rng = np.random.default_rng(seed)
    for _ in range(n):
        drawn = known[np.searchsorted(share, rng.random(length))].tolist()
        parts: list[str] = []
        at = sentence = 0
        while at < length:
            size = int(rng.integers(12, 30))
            sentence += 1
            parts.append(" ".join(drawn[at : at + size]) + (".\n\n" if sentence % 3 == 0 else ". "))
            at += size
        yield "".join(parts).strip()


def corpus(n: int, *, length: int = WORDS, seed: int = 0) -> fr.Corpus:
    """Return a corpus of `n` documents."""
    return fr.Corpus(
        (
            fr.Document(id=f"d{i}", text=text, outlet=OUTLETS[i % 7])
            for i, text in enumerate(texts(n, length=length, seed=seed))
        ),
        f"generated-{n}",
    )


def terms(n: int, *, seed: int = 1) -> list[str]:
    """Return `n` single words; a longer list begins with the shorter ones.

    The first 300 are words as codebooks have them (ranks 300 to 20,000). The others are rare (200,000 to 500,000):
    long dictionaries consist of what seldom occurs.
    """
    known, _ = words()
    rng = np.random.default_rng(seed)
    common, rare = rng.permutation(np.arange(300, 20_000))[:300], rng.permutation(np.arange(200_000, 500_000))
    return known[np.concatenate((common, rare))[:n]].tolist()


def codebook(n: int, *, match: str = "lemma") -> fr.Codebook:
    """Return a codebook of three frames with `n` entries together."""
    listed = terms(n)
    return fr.Codebook.from_dict(
        {name: [{"term": term, "match": match} for term in listed[row::3]] for row, name in enumerate("abc")},
        name=f"{match}-{n}",
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=1_000)
    made = corpus(parser.parse_args().documents)
    sizes = made.describe()
    types = {word for document in made for word in document.text.replace(".", " ").split()}
    print(f"{len(made):,} documents: {sizes['words'].mean():.0f} words, {sizes['sentences'].mean():.1f} sentences, "
          f"{sizes['characters'].mean():.0f} characters each; {len(types):,} word types")  # fmt: skip
    print(made[0].text[:200], "…")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
