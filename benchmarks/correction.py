"""Correction of estimates in simulations where the truth is known: bias, and how often intervals hold it.

    python benchmarks/correction.py [--repetitions 200] [--processes 2]

Documents of two outlets are drawn again and again. The engine misses the frame more often in one outlet
than in the other, so that the naive difference between them is biased. A stratified sample with
oversampled finds is coded without error. Nominal level 95 %.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import sys
import warnings

import numpy as np
import pandas as pd

import framing as fr
from framing.validity.codes import human_codings
from framing.validity.sampling import draw, rarest_find, stratify

OUTLETS = ("a", "b")
#: Share of sentences with the frame, and the engine's recall and false-positive rate, per outlet.
TRUTH, RECALL, FALSE = (0.20, 0.30), (0.85, 0.55), (0.03, 0.10)
SETTINGS = (  # documents per outlet, sentences per document, coded units, oversampled share, strata by outlet
    (40, 12, 120, 0.5, True),
    (40, 12, 240, 0.5, True),
    (40, 12, 240, 0.0, True),
    (40, 12, 240, 0.5, False),
    (12, 11, 120, 0.5, True),
    (150, 15, 400, 0.5, True),
)


def world(rng: np.random.Generator, n_documents: int, length: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw documents, and for each sentence the truth and what the engine says."""
    documents = pd.DataFrame(
        {"doc_id": [f"{o}{i}" for o in OUTLETS for i in range(n_documents)], "outlet": np.repeat(OUTLETS, n_documents)}
    )
    outlet = np.repeat([0, 1], n_documents * length)
    level = np.repeat([rng.beta(8 * p, 8 * (1 - p)) for p in np.repeat(TRUTH, n_documents)], length)  # documents differ
    truth = rng.random(len(level)) < level
    found = np.where(
        truth, rng.random(len(level)) < np.take(RECALL, outlet), rng.random(len(level)) < np.take(FALSE, outlet)
    )
    number = np.tile(np.arange(length), len(documents))
    units = pd.DataFrame(
        {
            "doc_id": np.repeat(documents["doc_id"].to_numpy(), length),
            "paragraph": 0,
            "sentence": number,
            "start": number,
            "end": number + 1,
            "words": 1,
            "text": "",
        }
    )
    return documents.assign(words=length, headline=False), units.assign(
        truth=truth.astype(float), found=found.astype(float)
    )


def once(setting: tuple[int, int, int, float, bool], seed: int) -> list[dict[str, object]]:
    """Draw a world and a sample, and estimate; return one row per estimate."""
    warnings.simplefilter("ignore")
    n_documents, length, n, oversample, by_outlet = setting
    rng = np.random.default_rng([seed, n_documents, n, int(oversample * 100), by_outlet])
    documents, units = world(rng, n_documents, length)
    machine = codings(units.assign(coder="machine", frame=units["found"]), documents)
    find = rarest_find(units, machine, "sentence") if oversample else None
    sample = draw(
        stratify(units, documents, ["outlet"] if by_outlet else [], find), n=n, oversample=oversample, rng=rng
    )
    human = codings(sample.assign(coder="human", frame=sample["truth"]), documents)
    per_outlet = units.merge(documents[["doc_id", "outlet"]]).groupby("outlet")["truth"].mean()
    here = {"a": per_outlet["a"], "b": per_outlet["b"], "b − a": per_outlet["b"] - per_outlet["a"]}
    everywhere = {"a": TRUTH[0], "b": TRUTH[1], "b − a": TRUTH[1] - TRUTH[0]}
    rows: list[dict[str, object]] = []
    for target, truth in (("population", everywhere), ("corpus", here)):
        table = fr.corrected(machine, human, by="outlet", reference="a", target=target)
        for row in table.itertuples():
            value = truth[row.outlet]
            rows.append({"setting": setting, "target": target, "quantity": row.outlet,
                         "naive_error": row.naive - value, "error": row.corrected - value,
                         "naive_holds": row.naive_low <= value <= row.naive_high, "holds": row.low <= value <= row.high,
                         "width": row.high - row.low})  # fmt: skip
    validation = fr.validate(machine, against=human)
    present = sum(TRUTH)
    right = sum(t * r for t, r in zip(TRUTH, RECALL, strict=True))
    figures = {
        "precision": right / (right + sum((1 - t) * f for t, f in zip(TRUTH, FALSE, strict=True))),
        "recall": right / present,
    }
    figures["f1"] = 2 / (1 / figures["precision"] + 1 / figures["recall"])
    row = validation.scores.iloc[0]
    for name, value in figures.items():
        low, high = row[f"{name}_low"], row[f"{name}_high"]
        known = {
            "setting": setting,
            "target": "validity",
            "quantity": name,
            "naive_error": np.nan,
            "naive_holds": np.nan,
        }
        rows.append({**known, "error": row[name] - value, "holds": low <= value <= high, "width": high - low})
    return rows


def codings(coded: pd.DataFrame, documents: pd.DataFrame) -> fr.Codings:
    return human_codings(coded, frames=["frame"], documents=documents)


def simulate(
    repetitions: int, processes: int, settings: tuple[tuple[int, int, int, float, bool], ...] = SETTINGS
) -> pd.DataFrame:
    """Return bias and coverage per setting and quantity."""
    jobs = [(setting, seed) for setting in settings for seed in range(repetitions)]
    if processes == 1:
        rows = [row for job in jobs for row in once(*job)]
    else:
        with concurrent.futures.ProcessPoolExecutor(processes) as pool:
            rows = [row for part in pool.map(once, *zip(*jobs, strict=True), chunksize=20) for row in part]
    table = pd.DataFrame(rows).astype({"naive_holds": float, "holds": float})
    grouped = table.groupby(["setting", "target", "quantity"], sort=False)
    figures = {
        "naive_bias": "naive_error",
        "bias": "error",
        "naive_coverage": "naive_holds",
        "coverage": "holds",
        "width": "width",
    }
    return grouped.agg(**{name: (column, "mean") for name, column in figures.items()}).reset_index()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repetitions", type=int, default=200)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    table = simulate(options.repetitions, options.processes)
    for setting, part in table.groupby("setting", sort=False):
        n_documents, length, n, oversample, by_outlet = setting
        strata = "outlet" if by_outlet else "none"
        print(
            f"\n2 × {n_documents} documents of {length} sentences, {n} coded, oversampled "
            f"{oversample:.0%}, strata: {strata}"
        )
        print(part.drop(columns="setting").round(3).to_string(index=False, na_rep="–"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
