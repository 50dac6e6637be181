"""How fast is coding, beside the tools that count words? Documents per second, and ratios within one run.

    python benchmarks/throughput.py [--documents 1000 10000] [--entries 300 3000 30000] [--repeat 3] [--slow]

Input: `benchmarks/generated.py`. Each method gets the same texts and the same entries, in one process and one
thread, and its processor time is taken (not the clock: other work on the machine would count). The best of
``--repeat`` runs counts. The first row is the yardstick: translate (one letter each) + pyahocorasick on the
translated text, which finds substrings and returns nothing but their number.

What each does:

=====================  ============================================================================================
framing                everything: paragraphs, sentences, tokens, keys, readings, entries, overlaps, negation,
                       evidence spans, tables. `warm`: words were met before. `cold`: a new process on a machine where
                       the dictionary was built, with the words that come with it, and nothing else was read.
                       `as written`: entries with ``match: surface``.
translate + automaton  str.translate, then pyahocorasick; substrings
liwc                   str.split, then the trie of the package liwc; whole words
scikit-learn           CountVectorizer with the entries as vocabulary
spaCy                  blank Arabic tokeniser and PhraseMatcher (``--slow``, or up to 1,000 documents)
flashtext              KeywordProcessor (``--slow``, or up to 1,000 documents)
quanteda               tokens() and tokens_lookup() of a dictionary, one thread; needs Rscript
=====================  ============================================================================================

A peer that is not installed is left out, and the table says so (``pip install -r benchmarks/requirements.txt``).
"""

from __future__ import annotations

import argparse
import atexit
import functools
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import generated

import framing as fr

Method = Callable[[], int]
YARDSTICK = "translate + automaton"
SLOW = ("spaCy", "flashtext")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--entries", type=int, nargs="+", default=[300, 3_000, 30_000])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--slow", action="store_true", help="the slow peers on large input, too")
    parser.add_argument("--cold", nargs=2, type=int, metavar=("DOCUMENTS", "ENTRIES"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.cold:
        return cold_child(*options.cold)
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores{load}; processor time, best of {options.repeat}\n"
    )
    for n_documents in options.documents:
        corpus = generated.corpus(n_documents)
        for n_entries in options.entries:
            table(corpus, n_entries, options.repeat, slow=options.slow or n_documents <= 1_000)
    return 0


def table(corpus: fr.Corpus, n_entries: int, repeat: int, *, slow: bool) -> None:
    print(f"{len(corpus):,} documents of {generated.WORDS} words, {n_entries:,} entries")
    print(f"  {'method':<24} {'seconds':>8} {'documents/s':>12} {'ratio':>7} {'found':>10}")
    yardstick = 0.0
    for name, prepare in METHODS.items():
        if name in SLOW and not slow:
            continue
        method = prepare(corpus, n_entries)
        if isinstance(method, str):
            print(f"  {name:<24} not measured: {method}")
            continue
        seconds, found = method if isinstance(method, tuple) else best(method, repeat)
        yardstick = yardstick or seconds
        speed, ratio = len(corpus) / seconds, yardstick / seconds
        print(f"  {name:<24} {seconds:>8.2f} {speed:>12,.0f} {ratio:>6.2f}× {found:>10,}", flush=True)
    print()


def best(method: Method, repeat: int) -> tuple[float, int]:
    """Return the least processor time of some runs, and what the method found."""
    spent = []
    for _ in range(repeat):
        started = time.process_time()
        found = method()
        spent.append(time.process_time() - started)
    return min(spent), found


def missing(module: str) -> str | None:
    return None if importlib.util.find_spec(module) else f"{module} is not installed"


# The methods: each returns something to run, a finished measurement, or why there is none -----------


def translate_automaton(corpus: fr.Corpus, n_entries: int) -> Method | str:
    if reason := missing("ahocorasick"):
        return reason
    import ahocorasick

    automaton = ahocorasick.Automaton()
    for term in generated.terms(n_entries):
        automaton.add_word(term.translate(LETTERS), term)
    automaton.make_automaton()
    texts = [document.text for document in corpus]

    def run() -> int:
        found = 0
        for text in texts:
            for _ in automaton.iter(text.translate(LETTERS)):
                found += 1
        return found

    return run


def framing_warm(corpus: fr.Corpus, n_entries: int, match: str = "lemma") -> Method:
    codebook = generated.codebook(n_entries, match=match)
    fr.code(corpus, codebook, voice=False)
    return lambda: len(fr.code(corpus, codebook, voice=False))


def framing_cold(corpus: fr.Corpus, n_entries: int) -> tuple[float, int] | str:
    """Run in a new process whose cache folder holds what the building of the dictionary leaves there."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(built(), folder, dirs_exist_ok=True)
        call = [sys.executable, __file__, "--cold", str(len(corpus)), str(n_entries)]
        done = subprocess.run(
            call, env={**os.environ, "FRAMING_CACHE": folder}, capture_output=True, text=True, check=False
        )
    if done.returncode:
        return f"failed: {done.stderr.strip().splitlines()[-1]}"
    seconds, found = done.stdout.split()
    return float(seconds), int(found)


@functools.cache
def built() -> str:
    """Return a cache folder as it is after the first use of the morphology on one word."""
    folder = tempfile.mkdtemp(prefix="framing-built-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    code = "from framing.language import backend; backend().readings(['كوبا']); backend().stems(); backend().affixes()"
    subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "FRAMING_CACHE": folder}, capture_output=True, check=True
    )
    return folder


def cold_child(n_documents: int, n_entries: int) -> int:
    corpus, codebook = generated.corpus(n_documents), generated.codebook(n_entries)
    started = time.process_time()
    found = len(fr.code(corpus, codebook, voice=False))
    print(time.process_time() - started, found)
    return 0


def liwc(corpus: fr.Corpus, n_entries: int) -> Method | str:
    if reason := missing("liwc"):
        return reason
    import liwc

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "terms.dic"
        lines = [f"{term.translate(LETTERS)}\t{row % 3 + 1}" for row, term in enumerate(generated.terms(n_entries))]
        path.write_text("%\n1\ta\n2\tb\n3\tc\n%\n" + "\n".join(dict.fromkeys(lines)) + "\n", encoding="utf-8")
        parse, _ = liwc.load_token_parser(str(path))
    texts = [document.text for document in corpus]

    def run() -> int:
        found = 0
        for text in texts:
            for token in text.translate(LETTERS).replace(".", " ").split():
                for _ in parse(token):
                    found += 1
        return found

    return run


def scikit_learn(corpus: fr.Corpus, n_entries: int) -> Method:
    from sklearn.feature_extraction.text import CountVectorizer

    vocabulary = sorted({term.translate(LETTERS) for term in generated.terms(n_entries)})
    vectorizer = CountVectorizer(
        vocabulary=vocabulary, preprocessor=lambda text: text.translate(LETTERS), token_pattern=r"[^\s.]+"
    )
    texts = [document.text for document in corpus]
    return lambda: int(vectorizer.transform(texts).sum())


def spacy(corpus: fr.Corpus, n_entries: int) -> Method | str:
    if reason := missing("spacy"):
        return reason
    import spacy
    from spacy.matcher import PhraseMatcher

    language = spacy.blank("ar")
    matcher = PhraseMatcher(language.vocab)
    matcher.add("entry", [language.make_doc(term.translate(LETTERS)) for term in generated.terms(n_entries)])
    texts = [document.text for document in corpus]
    return lambda: sum(len(matcher(language.make_doc(text.translate(LETTERS)))) for text in texts)


def flashtext(corpus: fr.Corpus, n_entries: int) -> Method | str:
    if reason := missing("flashtext"):
        return reason
    from flashtext import KeywordProcessor

    processor = KeywordProcessor()
    listed = [term.translate(LETTERS) for term in generated.terms(n_entries)]
    processor.set_non_word_boundaries(set("".join(listed)))
    processor.add_keywords_from_list(listed)
    texts = [document.text for document in corpus]
    return lambda: sum(len(processor.extract_keywords(text.translate(LETTERS))) for text in texts)


QUANTEDA = """
arguments <- commandArgs(TRUE)
suppressMessages(library(quanteda)); quanteda_options(threads = 1)
texts <- readLines(arguments[1], encoding = "UTF-8"); terms <- readLines(arguments[2], encoding = "UTF-8")
entries <- dictionary(split(terms, rep(c("a", "b", "c"), length.out = length(terms))))
best <- Inf
for (n in seq_len(as.integer(arguments[3]))) {
  spent <- system.time({
    words <- tokens(texts, remove_punct = TRUE)
    found <- sum(ntoken(tokens_lookup(words, entries, valuetype = "fixed")))
  })
  best <- min(best, spent[["user.self"]] + spent[["sys.self"]])
}
cat(best, found)
"""


def quanteda(corpus: fr.Corpus, n_entries: int) -> tuple[float, int] | str:
    if not shutil.which("Rscript"):
        return "Rscript is not there"
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "texts").write_text("\n".join(d.text.translate(LETTERS).replace("\n", " ") for d in corpus), "utf-8")
        (place / "terms").write_text("\n".join(t.translate(LETTERS) for t in generated.terms(n_entries)), "utf-8")
        (place / "run.R").write_text(QUANTEDA, "utf-8")
        call = ["Rscript", str(place / "run.R"), str(place / "texts"), str(place / "terms"), "3"]
        done = subprocess.run(call, capture_output=True, text=True, check=False)
    if done.returncode:
        return f"failed: {done.stderr.strip().splitlines()[-1]}"
    seconds, found = done.stdout.split()
    return float(seconds), int(found)


#: The letters that Arabic writers vary freely, and the marks and tatweel that are not part of the word.
LETTERS = {
    **{ord(letter): "ا" for letter in "أإآٱ"},
    ord("ى"): "ي",
    ord("ة"): "ه",
    **dict.fromkeys([0x0640, 0x0670, *range(0x064B, 0x0653)]),
}
METHODS: dict[str, Callable[[fr.Corpus, int], Method | tuple[float, int] | str]] = {
    YARDSTICK: translate_automaton,
    "framing, warm": framing_warm,
    "framing, as written": lambda corpus, n: framing_warm(corpus, n, "surface"),
    "framing, cold": framing_cold,
    "liwc": liwc,
    "scikit-learn": scikit_learn,
    "spaCy": spacy,
    "flashtext": flashtext,
    "quanteda": quanteda,
}

if __name__ == "__main__":
    raise SystemExit(main())
