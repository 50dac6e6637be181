"""What a notebook reads, and whether a figure was made from it as it is now."""

from __future__ import annotations

import ast
import dataclasses
import functools
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framing.errors import FramingError

if TYPE_CHECKING:
    from framing.codebook import Codebook
    from framing.corpus import Corpus, Document

_CURE = "run `framing figures`"
_Arguments = tuple[tuple[Any, ...], tuple[tuple[str, Any], ...]]  # by position, and by name


def code_of(notebook: Path) -> list[tuple[ast.Module, bool]]:
    """Return the syntax trees of a notebook's code cells, and whether each is the cell of parameters.

    Raises
    ------
    FramingError
        When the file is not a notebook.
    """
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    except (ValueError, KeyError):
        message = f"{notebook}: this is not a notebook"
        raise FramingError(message) from None
    found = []
    for cell in cells:
        if cell.get("cell_type") != "code":
            continue
        source = re.sub(r"^[%!].*$", "", "".join(cell["source"]), flags=re.MULTILINE)
        try:
            tree = ast.parse(source)
        except SyntaxError:
            continue
        found.append((tree, "parameters" in cell.get("metadata", {}).get("tags", [])))
    return found


@dataclasses.dataclass(frozen=True, slots=True)
class Inputs:
    """The codebooks, the corpora by their paths, and the article that a notebook reads, as they are now."""

    codebooks: tuple[Codebook, ...]
    corpora: Mapping[str, Corpus]
    article_id: str | None

    def changed(self, facts: Any) -> Iterator[str]:
        """Say what the hashes in `facts` (the provenance of a figure, tables in it included) show to have changed.

        A codebook or corpus that the notebook itself makes, under a name of its own, is not judged.
        """
        if isinstance(facts, list):
            for part in facts:
                yield from self.changed(part)
        if not isinstance(facts, dict):
            return
        for part in facts.values():
            yield from self.changed(part)
        known = {book.fingerprint for book in self.codebooks}
        hashed, name = facts.get("codebook_sha256"), facts.get("codebook")
        if known and hashed is not None and hashed not in known and name in (None, *(b.name for b in self.codebooks)):
            shown = name or " or ".join(book.name for book in self.codebooks)
            yield f"made with the codebook {shown} as it was before ({hashed[:8]}); {_CURE}"
        for key in ("corpus_sha256", "target_sha256", "reference_sha256"):
            if (paths := self._other_texts(facts, key)) is not None:
                yield f"made from other texts than those of {paths} now ({key} {facts[key][:8]}); {_CURE}"
        hashed = facts.get("article_sha256")
        texts = {article.sha256 for article in self._articles()}
        if texts and hashed is not None and hashed not in texts:
            yield f"made from another text of the article {self.article_id} than it has now ({hashed[:8]}); {_CURE}"

    def _other_texts(self, facts: Mapping[str, Any], key: str) -> str | None:
        """Return the paths whose texts a corpus of this hash should have, None where they have them or need not."""
        name, n, hashed = (facts.get(field) for field in ("corpus", "n_documents", key))
        alone = name == "corpus" and n == 1  # the article, coded by itself
        named = {path: corpus for path, corpus in self.corpora.items() if name in (None, corpus.name)}
        if hashed is None or not (named or (alone and self.corpora)):
            return None
        if any(hashed in made(self.corpora) for made in (self._as_they_are, self._without_copies)):
            return None
        paths = [path for path, corpus in named.items() if key == "corpus_sha256" and n == len(corpus)]
        return " and ".join(paths or self.corpora)

    def _as_they_are(self, corpora: Mapping[str, Corpus]) -> set[str]:
        """Return the hashes of the corpora, of each with the article, and of the article."""
        from framing.corpus import Corpus

        articles = self._articles()
        found = {corpus.fingerprint for corpus in corpora.values()}
        found |= {Corpus([article]).fingerprint for article in articles}
        for article in articles:
            found |= {c.with_document(article).fingerprint for c in corpora.values() if article.id not in c.ids}
        return found

    def _without_copies(self, corpora: Mapping[str, Corpus]) -> set[str]:
        from framing.corpus import deduplicate

        return self._as_they_are({path: deduplicate(corpus) for path, corpus in corpora.items()})

    def _articles(self) -> list[Document]:
        id = self.article_id
        return [corpus[id] for corpus in self.corpora.values() if id is not None and id in corpus.ids]


class Reader:
    """Reads what the notebooks of a project read, each thing once."""

    def __init__(self, top: Path) -> None:
        self.top = top
        self._codebook = functools.cache(self._load)
        self._corpus = functools.cache(self._read)

    def inputs(self, notebook: Path) -> Inputs:
        """Return what a notebook reads by parameters and by names that stand in its code.

        Raises
        ------
        FramingError
            When a codebook or corpus is there but cannot be read.
        """
        trees = code_of(notebook)
        parameters = {
            node.targets[0].id: node.value.value
            for tree, tagged in trees
            if tagged
            for node in tree.body
            if isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and isinstance(node.value, ast.Constant)
        }
        paths = [value for name, value in parameters.items() if name.endswith("_path") and isinstance(value, str)]
        codebooks: dict[str, Codebook] = {}
        for call in (node for tree, _ in trees for node in ast.walk(tree) if isinstance(node, ast.Call)):
            given = _values(call, parameters)
            if ast.unparse(call.func).endswith("load_codebook") and given is not None:
                book = self._codebook(*given)
                codebooks[book.fingerprint] = book
            if ast.unparse(call.func).endswith("read_corpus") and given is not None and given[0]:
                paths.append(str(given[0][0]))
        corpora = {path: self._corpus(path) for path in dict.fromkeys(paths) if path and (self.top / path).exists()}
        article = parameters.get("article_id")
        return Inputs(tuple(codebooks.values()), corpora, article if isinstance(article, str) else None)

    def _load(self, positional: tuple[Any, ...], named: tuple[tuple[str, Any], ...]) -> Codebook:
        from framing.codebook import load_codebook

        there = (self.top / value if (self.top / str(value)).is_file() else value for value in positional)
        return load_codebook(*there, **dict(named))

    def _read(self, path: str) -> Corpus:
        from framing.corpus import read_corpus

        return read_corpus(self.top / path)


def _values(call: ast.Call, parameters: Mapping[str, Any]) -> _Arguments | None:
    """Return the arguments of a call, or None where one is neither a constant nor a parameter of the notebook."""
    nodes = [*call.args, *(word.value for word in call.keywords)]
    known = [isinstance(n, ast.Constant) or (isinstance(n, ast.Name) and n.id in parameters) for n in nodes]
    if not all(known) or any(word.arg is None for word in call.keywords):
        return None
    values = [n.value if isinstance(n, ast.Constant) else parameters[ast.unparse(n)] for n in nodes]
    named = zip((str(word.arg) for word in call.keywords), values[len(call.args) :], strict=True)
    return tuple(values[: len(call.args)]), tuple(named)
