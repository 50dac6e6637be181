"""Codebooks: frames, entries, actors and evaluative terms as data that a person can read."""

from framing.codebook.given import given_codebook
from framing.codebook.loading import load_codebook
from framing.codebook.model import Actor, Codebook, Condition, Entry, Evaluation, Frame, Person, Rule

__all__ = [
    "Actor",
    "Codebook",
    "Condition",
    "Entry",
    "Evaluation",
    "Frame",
    "Person",
    "Rule",
    "given_codebook",
    "load_codebook",
]
