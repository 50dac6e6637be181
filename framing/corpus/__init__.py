"""Documents and corpora: reading, checking, filtering, describing, writing, near-duplicates."""

from framing.corpus.check import check_corpus
from framing.corpus.corpus import Corpus
from framing.corpus.document import Document
from framing.corpus.duplicates import deduplicate, effective_number, near_duplicates
from framing.corpus.given import given_corpus, given_document
from framing.corpus.reading import read_corpus, read_document
from framing.corpus.writing import write_corpus

__all__ = [
    "Corpus",
    "Document",
    "check_corpus",
    "deduplicate",
    "effective_number",
    "given_corpus",
    "given_document",
    "near_duplicates",
    "read_corpus",
    "read_document",
    "write_corpus",
]
