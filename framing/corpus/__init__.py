"""Documents and corpora: reading, filtering, describing, writing."""

from framing.corpus.corpus import Corpus
from framing.corpus.document import Document
from framing.corpus.reading import read_corpus, read_document
from framing.corpus.writing import write_corpus

__all__ = ["Corpus", "Document", "read_corpus", "read_document", "write_corpus"]
