"""Frames against two coders, sentence by sentence: precision, recall, F1, with every error in context.

    python benchmarks/frames_gold.py [GOLD.jsonl] [--codebook NAME] [--errors]

Gold: one sentence per line with `sentence` and, per frame, 0, 1 or null (the coders differ: left out).
The two coders are language models that read independently. Beside the full engine stands the same
codebook reduced to exact normalised forms: no morphology, no context, no negation.
"""

from __future__ import annotations

import sys

import gold
import numpy as np

import framing as fr


def main() -> int:
    parser = gold.arguments(__doc__)
    parser.add_argument("--codebook", default="cuba-russia-us")
    options = parser.parse_args()
    coded, corpus = gold.sentences(options.gold)
    codebook = fr.load_codebook(options.codebook)
    codings = fr.code(corpus, codebook)
    reduced = fr.code(corpus, exact_forms(codebook), negation=False)
    print(
        f"{'frame':<12} {'n':>4} {'gold':>5}   {'engine: P':>10} {'R':>6} {'F1 (95 % interval)':>22}   "
        f"{'exact forms: P':>14} {'R':>6} {'F1':>6}"
    )
    for frame in codebook.frames:
        rows = [row for row in coded if row.get(frame) is not None]
        truth = np.array([row[frame] for row in rows], bool)
        ours, plain = (found(c, frame, rows) for c in (codings, reduced))
        p, r, f = figures(truth, ours)
        low, high = interval(truth, ours)
        q, s, g = figures(truth, plain)
        print(
            f"{frame:<12} {len(rows):>4} {truth.sum():>5}   {p:>10.2f} {r:>6.2f} {f:>8.2f} ({low:.2f} to {high:.2f})   "
            f"{q:>14.2f} {s:>6.2f} {g:>6.2f}"
        )
    if options.errors:
        for frame in codebook.frames:
            report(frame, coded, codings)
    return 0


def exact_forms(codebook: fr.Codebook) -> fr.Codebook:
    """Return the codebook as a bare word list: every term as written, matched whole."""
    lists = {}
    for frame in codebook.frames.values():
        terms = dict.fromkeys(term.replace("=", "") for entry in frame.entries for term in entry.terms)
        lists[frame.id] = [
            {"term": " ".join("=" + word for word in term.split()) if " " in term else term,
             "match": "phrase" if " " in term else "surface"}
            for term in terms
        ]  # fmt: skip
    return fr.Codebook.from_dict(lists, name="exact forms")


def found(codings: fr.Codings, frame: str, rows: list[dict]) -> np.ndarray:
    table = codings.table[(codings.table["frame"] == frame) & ~codings.table["negated"]]
    ids = set(table["doc_id"])
    return np.array([row["id"] in ids for row in rows], bool)


def figures(truth: np.ndarray, ours: np.ndarray) -> tuple[float, float, float]:
    true = (truth & ours).sum()
    precision, recall = true / max(ours.sum(), 1), true / max(truth.sum(), 1)
    return precision, recall, 2 * true / max(truth.sum() + ours.sum(), 1)


def interval(truth: np.ndarray, ours: np.ndarray, resamples: int = 2_000) -> tuple[float, float]:
    rng = np.random.default_rng(0)
    draws = rng.integers(0, len(truth), (resamples, len(truth)))
    values = [figures(truth[draw], ours[draw])[2] for draw in draws]
    low, high = np.quantile(values, (0.025, 0.975))
    return float(low), float(high)


def report(frame: str, coded: list[dict], codings: fr.Codings) -> None:
    print(f"\n=== {frame}: errors")
    for row in coded:
        if row.get(frame) is None:
            continue
        hits = codings.table[(codings.table["doc_id"] == row["id"]) & (codings.table["frame"] == frame)]
        counted = bool(len(hits[~hits["negated"]]))
        if counted != bool(row[frame]):
            kind = "false positive" if counted else "false negative"
            print(f"\n{kind} {row['id']}: {row['sentence']}")
            for hit in hits.itertuples():
                print(
                    f"    hit: {hit.evidence!r} by entry {hit.entry!r} "
                    f"({hit.route}{', negated' if hit.negated else ''})"
                )
            dropped = codings.cancelled
            for hit in dropped[(dropped["doc_id"] == row["id"]) & (dropped["frame"] == frame)].itertuples():
                print(f"    cancelled: {hit.evidence!r} by entry {hit.entry!r}: {hit.reason}")


if __name__ == "__main__":
    sys.exit(main())
