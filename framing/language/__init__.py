"""The only room that knows Arabic (and a little English): text to spans, keys and readings."""

from framing.language.chars import clean, key
from framing.language.dates import DateMention, find_dates
from framing.language.morphology import MARGINS, Backend, backend
from framing.language.readings import Reading
from framing.language.tokens import Tokens, Vocabulary, tokenise, vocabulary

__all__ = [
    "MARGINS",
    "Backend",
    "DateMention",
    "Reading",
    "Tokens",
    "Vocabulary",
    "backend",
    "clean",
    "find_dates",
    "key",
    "tokenise",
    "vocabulary",
]
