"""Topic engines on one input: time, memory, held-out perplexity, coherence, stability, planted topics found again.

    python benchmarks/topics.py [CORPUS] [--k 12] [--seeds 3]

Each engine runs in a process of its own, on the same counts (lemmas, phrases, one document a unit), with the
settings that `fr.topic_model` gives it. Seconds are of processor time, memory is what the process takes beyond
its state before the first fit.
Perplexity: document completion, the same fifth of the documents held out for all. Planted: documents that
mix six themes of ten words; the mean Jaccard similarity of each theme with the top ten terms of its topic.
"""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import sys
import threading
import time
import warnings
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

import framing as fr
from framing.language import tokenise
from framing.language.lemmas import lemmas
from framing.topics import ENGINES, Bags, bags, engines, quality
from framing.topics.matching import agreement

ROOT = Path(__file__).parents[1]
REAL = ROOT.parent / "shared" / "data" / "real" / "related-coverage-dev.jsonl"
THEMES = (
    "نفط برميل خام غاز منتج مصفاة حقل أنبوب تصدير بترول",
    "كرة ملعب لاعب مباراة مدرب دوري منتخب بطولة مرمى تسديدة",
    "مستشفى طبيب مريض دواء لقاح وباء ممرض علاج فيروس عيادة",
    "سفينة ميناء بحر قبطان موج شاطئ صياد سمك رصيف مرساة",
    "قمح محصول مزرعة فلاح حصاد بذور تربة جرار بستان ري",
    "فيلم مخرج ممثل مهرجان سينما شاشة جائزة بطل عرض تصوير",
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "corpus", nargs="?", type=Path, default=REAL if REAL.is_file() else ROOT / "corpora" / "related"
    )
    parser.add_argument("--k", type=int, default=12)
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    counted = bags(fr.read_corpus(options.corpus))
    n, words, terms = len(counted.full), int(counted.matrix.sum()), len(counted.terms)
    size = f"{n} documents, {words:,} occurrences of {terms:,} terms"
    print(f"{counted.corpus.name}: {size}; {options.k} topics, {options.seeds} seeds")
    names = ("seconds", "MB", "perplexity", "c_npmi", "c_v", "exclus.", "Jaccard", "RBO", "planted")
    print(f"{'engine':<12}" + "".join(f"{name:>11}" for name in names))
    context = multiprocessing.get_context("spawn")
    for engine in ENGINES:
        with ProcessPoolExecutor(1, mp_context=context) as pool:
            row = pool.submit(measure, engine, counted, options.k, options.seeds).result()
        if isinstance(row, str):
            print(f"{engine:<12} skipped: {row}", file=sys.stderr)
            continue
        digits = (2, 1, 0, 3, 3, 3, 2, 2, 2)
        print(f"{engine:<12}" + "".join(f"{value:>11,.{d}f}" for value, d in zip(row, digits, strict=True)))
    return 0


class Memory:
    """Looks every few milliseconds how much memory the process holds (Linux; elsewhere not known)."""

    def __enter__(self) -> Memory:
        self.before = self.most = resident()
        self.running = True
        self.thread = threading.Thread(target=self.watch, daemon=True)
        self.thread.start()
        return self

    def watch(self) -> None:
        while self.running:
            self.most = max(self.most, resident())
            time.sleep(0.003)

    def grown(self) -> float:
        return self.most - self.before

    def __exit__(self, *_: object) -> None:
        self.running = False
        self.thread.join()


def resident() -> float:
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20
    except OSError:
        return float("nan")


def measure(engine: str, counted: Bags, k: int, seeds: int) -> list[float] | str:
    """Return the figures of one engine, means over seeds, or why there are none."""
    try:
        engines.check_engine(engine)
    except fr.FramingError as error:
        return str(error)
    warnings.simplefilter("ignore")
    matrix = counted.matrix[counted.full]
    held = np.random.default_rng(0).permutation(matrix.shape[0]) % 5 == 0
    __import__(
        "tomotopy" if engine == "tomotopy" else "gensim.models" if engine == "gensim" else "sklearn.decomposition"
    )
    took, grown, figures, tops = [], [], [], []
    for seed in range(seeds):
        with Memory() as memory:
            started = time.process_time()
            whole = engines.fit(engine, matrix, counted.readable, k, random_state=seed, options={})
            took.append(time.process_time() - started)
            grown.append(memory.grown())
        top = engines.top(whole.ranking, 10)
        part = engines.fit(engine, matrix[~held], counted.readable, k, random_state=seed, options={})
        perplexity = quality.perplexity(part, matrix[~held], matrix[held], 0)
        coherence = [quality.coherence(counted, top, name).mean() for name in ("c_npmi", "c_v")]
        figures.append([perplexity, *coherence, quality.exclusivity(whole.beta, top).mean()])
        tops.append(top)
    pairs = [agreement(a, b).mean(axis=0) for a, b in itertools.combinations(tops, 2)]
    stable = [np.nan, np.nan] if engines.seedless(engine, {}) or not pairs else np.mean(pairs, axis=0).tolist()
    return [float(np.mean(took)), max(grown), *np.mean(figures, axis=0).tolist(), *stable, planted(engine)]


def planted(engine: str) -> float:
    """Return how well an engine finds planted topics: mean Jaccard similarity over themes and three corpora."""
    keys = [list(dict.fromkeys(lemmas(tokenise([theme]).type)[0])) for theme in THEMES]
    found = []
    for seed in range(3):
        rng = np.random.default_rng(seed)
        vocabulary = [theme.split() for theme in THEMES]
        documents = []
        for number in range(150):
            mixture = rng.dirichlet(np.full(len(THEMES), 0.15))
            topics = rng.choice(len(THEMES), 60, p=mixture)
            documents.append(
                fr.Document(id=str(number), text=" ".join(vocabulary[t][rng.integers(10)] for t in topics))
            )
        counted = bags(fr.Corpus(documents), phrases=False)
        fit = engines.fit(engine, counted.matrix, counted.terms, len(THEMES), random_state=seed, options={})
        tops = [[counted.terms[column] for column in row] for row in engines.top(fit.ranking, 10)]
        found.append(agreement(keys, tops)[:, 0].mean())
    return float(np.mean(found))


if __name__ == "__main__":
    sys.exit(main())
