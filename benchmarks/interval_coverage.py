"""How often the intervals of frame scores hold the truth, in simulated articles where the truth is known.

    python benchmarks/interval_coverage.py [--repeats 1000] [--seed 1]

Nominal is 95 %. Sentences have 6 to about 40 words; hits come in bursts (negative binomial given the
sentence), documents of a group may differ in their rate (gamma) and coverage. Beside the toolkit's own
interval of the rate stand plain percentiles: of sentences; of documents only; of documents and, in full,
of sentences within them.
"""

from __future__ import annotations

import argparse
import itertools
import time

import numpy as np
import pandas as pd

import framing as fr
from framing.coding import COLUMNS
from framing.scores import resampling
from framing.scores.proportions import jeffreys_count

FRAMES = ("a", "b")
HEAD = f"{'rate':>7} {'coverage':>9} {'share':>7} {'prominence':>11}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = np.random.default_rng(options.seed)
    begun = time.perf_counter()
    single(rng, options.repeats)
    groups(rng, options.repeats)
    print(f"\n{time.perf_counter() - begun:.0f} s")
    return 0


def single(rng: np.random.Generator, repeats: int) -> None:
    print("One article: share of intervals that hold the truth; beside them plain percentiles of the rate")
    print(f"{'sentences':>10} {'hits expected':>14} {HEAD} {'percentiles':>14}")
    for size, expected in itertools.product((10, 17, 40), (2, 5, 10, 20)):
        truth = Truth(rng, size, expected / size, spread=0.0)
        codings = truth.codings(repeats, 1)
        scores = fr.frame_scores(codings, resamples=1_000)
        print(f"{size:>10} {expected:>14} {truth.held(scores)} {truth.alternative(codings, 1):>14.1%}")


def groups(rng: np.random.Generator, repeats: int) -> None:
    print("\nGroups of articles of 15 sentences; beside them two other ways of resampling for the rate")
    print(f"{'documents':>10} {'spread':>14} {HEAD} {'documents only':>14} {'two full draws':>14}")
    for n, spread in itertools.product((5, 10, 30), (0.0, 0.4, 0.8)):
        truth = Truth(rng, 15, 0.4, spread=spread)
        codings = truth.codings(repeats // 2 * n, n)
        scores = fr.frame_scores(codings, by="outlet", resamples=1_000)
        others = [truth.alternative(codings, n, inner) for inner in (0.0, 1.0)]
        print(f"{n:>10} {spread:>14} {truth.held(scores)} " + " ".join(f"{value:>14.1%}" for value in others))


class Truth:
    """A population of articles, articles drawn from it, and the check whether intervals hold its figures."""

    def __init__(self, rng: np.random.Generator, size: int, hits: float, spread: float) -> None:
        self.rng, self.size, self.hits, self.spread = rng, size, hits, spread
        words, place, counts = self._draw(400_000 // size)
        mean = counts.sum(axis=(0, 1))
        self.figures = {
            "rate": 1000 * mean[0] / words.sum(),
            "coverage": float((counts[:, :, 0] > 0).mean()),
            "share": mean[0] / mean.sum(),
            "prominence": ((counts[:, :, 0] * place).sum() / mean[0]) / ((words * place).sum() / words.sum()),
        }

    def _draw(self, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        rng, shape = self.rng, (n, self.size)
        words = 6 + rng.negative_binomial(4, 4 / (4 + 14), shape)
        place = np.broadcast_to(1 / np.log2(1 + np.maximum(np.arange(self.size) // 2, 1)), shape)
        level = rng.gamma(1 / self.spread**2, self.spread**2, (n, 1)) if self.spread else np.ones((n, 1))
        counts = np.stack(
            [rng.negative_binomial(2.0, 2.0 / (2.0 + self.hits * scale * level * words / 20)) for scale in (1.0, 0.7)],
            axis=2,
        )
        return words, place, counts

    def codings(self, n: int, per_group: int) -> fr.Codings:
        words, _, counts = self._draw(n)
        ids = np.asarray([f"d{row}" for row in range(n)], object)
        sentence = np.tile(np.arange(self.size), n)
        units = pd.DataFrame({
            "doc_id": np.repeat(ids, self.size), "paragraph": sentence // 2, "sentence": sentence, "start": 0, "end": 1,
            "words": words.ravel(), "coder": "sim", "voice": "narrator", "speaker": None, "side": None,
        })  # fmt: skip
        parts = []
        for column, frame in enumerate(FRAMES):
            rows = np.repeat(np.arange(len(units)), counts[:, :, column].ravel())
            parts.append(
                units.iloc[rows].assign(frame=frame, entry=frame, weight=1.0, negated=False, evidence="", route="exact")
            )
        table = pd.concat(parts, ignore_index=True).reindex(columns=list(COLUMNS))
        documents = pd.DataFrame(
            {"doc_id": ids, "outlet": np.arange(n) // per_group, "words": words.sum(axis=1), "headline": False}
        )
        return fr.Codings(table, units, documents, FRAMES, table.iloc[:0], {})

    def held(self, scores: pd.DataFrame) -> str:
        """Return, for each figure of the first frame, how many intervals hold the truth."""
        scores, shares = scores[scores["frame"] == "a"], []
        for name, truth in self.figures.items():
            low, high = ("low", "high") if name == "rate" else (f"{name}_low", f"{name}_high")
            known = scores[scores[name].notna()]
            shares.append(float(((known[low] <= truth) & (truth <= known[high])).mean()))
        return "{:>7.1%} {:>9.1%} {:>7.1%} {:>11.1%}".format(*shares)

    def alternative(self, codings: fr.Codings, n: int, inner: float = 0.0) -> float:
        """Return how often plain percentiles hold the rate: of sentences (n = 1), or of documents.

        `inner` is the weight of a second draw, of sentences within the documents.
        """
        units, hits = codings.units, codings.table
        hits = hits[hits["frame"] == "a"]
        sentence = hits["doc_id"].str[1:].astype(int) * self.size + hits["sentence"].astype(int)
        values = np.column_stack([units["words"], np.bincount(sentence, minlength=len(units))]).astype(float)
        values = values.reshape(-1, n if n > 1 else self.size, self.size if n > 1 else 1, 2)[:400]
        held, m = 0, values.shape[1]
        for group in values:
            times = self.rng.multinomial(m, np.full(m, 1 / m), size=600)
            totals = times @ group.sum(axis=1)
            if inner:
                for copy in range(4):
                    draws = self.rng.multinomial(self.size, np.full(self.size, 1 / self.size), size=(600, m))
                    apart = np.einsum("rdm,dmc->rdc", draws, group) - group.sum(axis=1)
                    totals = totals + inner * np.einsum("rd,rdc->rc", (times > copy).astype(float), apart)
            if not totals[:, 1].any():  # no hit at all
                held += bool(self.figures["rate"] <= 1000 * jeffreys_count(np.zeros(1), 0.95)[1][0] / totals[0, 0])
                continue
            low, high = resampling.percentiles((1000 * totals[:, 1] / totals[:, 0])[None], 0.95, np.array([m]))
            held += bool(low[0] <= self.figures["rate"] <= high[0])
        return held / len(values)


if __name__ == "__main__":
    raise SystemExit(main())
