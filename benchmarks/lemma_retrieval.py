"""How well are the occurrences of a lexeme found? Precision, recall and F1 per method.

    python benchmarks/lemma_retrieval.py [GOLD.jsonl]

Gold: one sentence per line, ``{"tokens": [...], "gold": [[token, segment, lemma, pos], ...]}``.
Task: 200 mid-frequency content lemmas (noun, verb, adjective); a method retrieves, for each lemma, the
tokens it takes for an occurrence. Figures are micro-averages over the 200 lemmas. `strict`, `default` and
`recall` are the engine itself, with each lemma as a codebook term.
"""

from __future__ import annotations

import argparse
import collections
import json
import sys
import time
from pathlib import Path

from framing.language import chars, clitics, morphology, tokenise
from framing.language.readings import Reading, lemma_key, lexeme
from framing.matching.symbols import SymbolTable
from framing.matching.terms import Symbol, Term

DEFAULT_GOLD = Path(__file__).parents[2] / "shared" / "data" / "lemma-gold-dev.jsonl"
CONTENT = {"N", "V", "ADJ", "NOUN", "VERB"}
N_LEMMAS = 200


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="?", type=Path, default=DEFAULT_GOLD)
    gold_file = parser.parse_args().gold
    if not gold_file.is_file():
        print(f"skipped: no gold file {gold_file}", file=sys.stderr)
        return 0
    tokens, gold, written = read(gold_file)
    frequency = collections.Counter(key for keys in gold for key in keys if len(key) > 2)
    lemmas = sorted(key for key, _ in frequency.most_common(50 + N_LEMMAS)[50:])

    backend = morphology.backend()
    words = [chars.clean(token) for token in tokens]
    backend.readings(words[:1])
    started = time.perf_counter()
    readings = backend.readings(words)
    took = time.perf_counter() - started
    print(f"{len(tokens)} words, {len(readings)} types, backend {backend.name}; {len(lemmas)} lemmas")
    print(f"readings of all types, cache as it stands: {took:.2f} s = {len(readings) / took:,.0f} types/s")
    print(f"cached tokens: {throughput(tokens):,.0f} tokens/s\n")

    keys = [chars.key(token) for token in tokens]
    methods = {
        "normalised only": [{key} for key in keys],
        "clitic rules": [clitics.stems(key) for key in keys],
    }
    terms = [Term(row, (Symbol("lemma", written[key]),)) for row, key in enumerate(lemmas)]
    for margin in morphology.MARGINS:
        table = SymbolTable(terms, margin=margin)
        table.prepare(words)
        number = {table.number[t.symbols[0]]: lemmas[t.owner] for t in terms}
        of = {word: {number[n] for n in table.find(word, key, 1)} for word, key in set(zip(words, keys, strict=True))}
        methods[margin] = [of[word] for word in words]
    print(f"{'method':<18}{'precision':>10}{'recall':>8}{'F1':>7}")
    for name, retrieved in methods.items():
        precision, recall, f1 = score(retrieved, gold, set(lemmas))
        print(f"{name:<18}{precision:>10.3f}{recall:>8.3f}{f1:>7.3f}")

    content = [row for row, keys_ in enumerate(gold) if keys_]
    right = sum(1 for row in content if best(readings[words[row]], keys[row]) in gold[row])
    print(f"\nbest-reading lemma accuracy on {len(content)} content words: {right / len(content):.3f}")
    return 0


def read(path: Path) -> tuple[list[str], list[set[str]], dict[str, str]]:
    """Return all words, for each the keys of its content lemmas, and how each key is written in full."""
    tokens: list[str] = []
    gold: list[set[str]] = []
    forms: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        first = len(tokens)
        tokens += row["tokens"]
        gold += [set() for _ in row["tokens"]]
        for index, _, lemma, pos in row["gold"]:
            if pos in CONTENT:
                key = lemma_key(lemma)
                gold[first + index].add(key)
                forms[key][chars.clean(lexeme(lemma)).replace("ٱ", "ا")] += 1
    return tokens, gold, {key: counts.most_common(1)[0][0] for key, counts in forms.items()}


def throughput(tokens: list[str]) -> float:
    """Tokens per second when every type is known: text to numbered types."""
    texts = [" ".join(tokens[at : at + 300]) for at in range(0, len(tokens), 300)] * 20
    tokenise(texts)
    started = time.perf_counter()
    n = len(tokenise(texts))
    return n / (time.perf_counter() - started)


def best(readings: tuple[Reading, ...], key: str) -> str:
    return readings[0].key if readings else key


def score(retrieved: list[set[str]], gold: list[set[str]], lemmas: set[str]) -> tuple[float, float, float]:
    true = sum(len(r & g & lemmas) for r, g in zip(retrieved, gold, strict=True))
    found = sum(len(r & lemmas) for r in retrieved)
    wanted = sum(len(g & lemmas) for g in gold)
    precision, recall = true / max(found, 1), true / max(wanted, 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


if __name__ == "__main__":
    sys.exit(main())
