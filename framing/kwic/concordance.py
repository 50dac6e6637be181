"""Keywords in context."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import regex

from framing import progress, provenance
from framing.codebook import Codebook
from framing.coding import Codings, code
from framing.errors import FramingError, choices, closest, shown
from framing.kwic.places import Neighbours, as_corpus, token_spans
from framing.language import Tokens, tokenise
from framing.matching.matcher import Matcher
from framing.matching.terms import REGEX_SECONDS, Term, split, term

if TYPE_CHECKING:
    import pandas as pd

    from framing.corpus import Corpus, Document

COLUMNS = ("docname", "from", "to", "pre", "keyword", "post", "pattern")
VALUETYPES = ("glob", "regex", "fixed", "lemma")
#: First token, last token (both included) and the number of the pattern.
_Hit = tuple[int, int, int]


def kwic(
    corpus: Corpus | Document | str | Iterable[Document | str],
    pattern: str | Iterable[str] | Codebook | Codings,
    *,
    window: int = 5,
    valuetype: str = "glob",
    case_insensitive: bool = True,
    separator: str = " ",
) -> pd.DataFrame:
    """Show keywords in context.

    Parameters
    ----------
    corpus : Corpus, Document or iterable of Document
        Or texts as strings, which are called text1, text2, … as in quanteda.
    pattern : str, iterable of str, Codebook or Codings
        What to look for. A pattern of several words is a phrase. A codebook stands for all its frames with their
        conditions, codings for their spans; `pattern` is then the frame.
    window : int
        Number of tokens shown on either side; punctuation marks are tokens.
    valuetype : {"glob", "regex", "fixed", "lemma"}
        The first three as in quanteda: ``*`` is any number of characters and ``?`` exactly one; a regular
        expression found anywhere in the word; the word itself. ``"lemma"``: all forms of the word.
    case_insensitive : bool
    separator : str
        Stands between the tokens that are shown.

    Returns
    -------
    DataFrame
        One row per match, with quanteda's columns: `docname`; `from`, `to` (positions of the first and last
        token in the text, counted from 1); `pre`, `keyword`, `post` (in reading order: in Arabic, `pre` is on the
        right); `pattern` (category, in the order in which the patterns were given).

    Notes
    -----
    Unlike quanteda, a glob without wildcards finds an Arabic word behind its proclitics too (كوبا in وكوبا; use
    ``"fixed"`` for the word alone), and phrases look through quotation marks and hyphens.

    Examples
    --------
    >>> from framing import Document
    >>> document = Document(id="d1", text="زار بوتين هافانا. ورحبت هافانا بالزيارة.")
    >>> kwic(document, "هافانا", window=1)[["from", "pre", "keyword", "post"]].values.tolist()
    [[3, 'بوتين', 'هافانا', '.'], [6, 'ورحبت', 'هافانا', 'بالزيارة']]
    """
    import pandas as pd

    corpus = as_corpus(corpus)
    if isinstance(window, bool) or not isinstance(window, int) or window < 0:
        message = f"window must be a whole number of tokens, 0 or more, not {window!r}"
        raise FramingError(message)
    search: _Spans | _Patterns
    if isinstance(pattern, Codebook | Codings):
        search = _Spans(corpus, pattern)
    else:
        search = _Patterns(pattern, valuetype, case_insensitive=case_insensitive)
    rows: list[tuple[Any, ...]] = []
    with progress.bar(what="keywords in context", unit="documents", total=len(corpus)) as bar:
        for documents in corpus.batches():
            tokens = tokenise([document.text for document in documents])
            around = Neighbours(tokens)
            for first, last, which in search.hits(documents, tokens):
                rows.append(
                    (
                        documents[around.text(first)].id,
                        around.position(first),
                        around.position(last),
                        separator.join(around.before(first, window)),
                        separator.join(around.words(first, last + 1)),
                        separator.join(around.after(last, window)),
                        search.names[which],
                    )
                )
            bar.update(len(documents))
    table = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"from": "int64", "to": "int64"})
    table["pattern"] = pd.Categorical(table["pattern"], categories=list(dict.fromkeys(search.names)))
    table.attrs["provenance"] = provenance.record(
        corpus=corpus.name,
        corpus_sha256=corpus.fingerprint,
        patterns=list(search.names),
        valuetype=valuetype,
        window=window,
    )
    return table


class _Patterns:
    """Patterns of the user, ready to be found."""

    def __init__(self, pattern: str | Iterable[str], valuetype: str, *, case_insensitive: bool) -> None:
        if valuetype not in VALUETYPES:
            near = closest(valuetype, VALUETYPES)
            message = f"valuetype {valuetype!r} is not known{near}; choose one of {choices(VALUETYPES)}"
            raise FramingError(message)
        if isinstance(pattern, Mapping):
            message = (
                "a pattern is a word, a phrase or a list of them; make a codebook of a mapping: Codebook.from_dict"
            )
            raise FramingError(message)
        if not isinstance(pattern, Iterable) or hasattr(pattern, "columns"):
            message = f"pattern must be a word, a phrase, a list of them, a Codebook or Codings, not {shown(pattern)}"
            raise FramingError(message)
        self.names = list(dict.fromkeys([pattern] if isinstance(pattern, str) else pattern))
        for name in self.names:
            if not isinstance(name, str) or not name.strip():
                message = f"a pattern must be a word or a phrase, not {name!r}"
                raise FramingError(message)
        if not self.names:
            message = "no pattern was given; give a word, a phrase or a list of them"
            raise FramingError(message)
        self._matcher = Matcher([_compiled(number, name, valuetype) for number, name in enumerate(self.names)])
        self._written = None if case_insensitive or valuetype == "lemma" else [_cased(n, valuetype) for n in self.names]

    def hits(self, _documents: Sequence[Document], tokens: Tokens) -> Iterator[_Hit]:
        found = self._matcher.match(tokens)
        around = Neighbours(tokens)
        for first, last, owner in zip(found.first.tolist(), found.last.tolist(), found.owner.tolist(), strict=True):
            if self._written is None or _agrees(self._written[owner], around.words(first, last + 1)):
                yield first, last, owner


def _compiled(number: int, pattern: str, valuetype: str) -> Term:
    if valuetype == "lemma":
        return term(number, pattern, "phrase")
    if valuetype == "fixed":
        term(number, pattern, "surface")  # raises when there is no word in it
        literal = " ".join(rf"\A{regex.escape(word)}\Z" for word in split(pattern))
        return term(number, literal, "pattern", valuetype="regex")
    return term(number, pattern, "pattern", valuetype=valuetype)


def _cased(pattern: str, valuetype: str) -> list[regex.Pattern[str]]:
    """Return one case-sensitive expression per word of a pattern."""
    if valuetype == "regex":
        return [regex.compile(word) for word in pattern.split()]
    words = split(pattern, globs=valuetype == "glob")
    wild = (lambda w: regex.escape(w).replace(r"\*", ".*").replace(r"\?", ".")) if valuetype == "glob" else regex.escape
    return [regex.compile(rf"\A{wild(word)}\Z") for word in words]


def _agrees(expected: list[regex.Pattern[str]], words: list[str]) -> bool:
    """Say whether words agree with a pattern in case too; Arabic has none and always does."""
    words = [word for word in words if any(character.isalnum() for character in word)]
    return len(words) != len(expected) or all(
        not word.isascii() or _found(pattern, word) for pattern, word in zip(expected, words, strict=True)
    )


def _found(pattern: regex.Pattern[str], word: str) -> bool:
    try:
        return pattern.search(word, timeout=REGEX_SECONDS) is not None
    except TimeoutError:
        message = f"the pattern {pattern.pattern!r} took more than {REGEX_SECONDS} s on the word {word[:50]!r}"
        raise FramingError(message) from None


class _Spans:
    """Coded spans, to be shown in the order of the text."""

    def __init__(self, corpus: Corpus, coded: Codebook | Codings) -> None:
        codings = code(corpus, coded, voice=False) if isinstance(coded, Codebook) else coded
        self.names = list(codings.frames)
        self._table = codings.table[codings.table["doc_id"].isin(corpus.ids)]
        self._number = {frame: row for row, frame in enumerate(self.names)}

    def hits(self, documents: Sequence[Document], tokens: Tokens) -> Iterator[_Hit]:
        rows, first, last = token_spans(self._table, documents, tokens)
        frames = self._table["frame"].to_numpy()[rows]
        found = zip(first.tolist(), last.tolist(), [self._number[frame] for frame in frames], strict=True)
        yield from sorted(found)
