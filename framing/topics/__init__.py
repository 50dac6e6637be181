"""Topics: words that occur together in a corpus, by several engines, with what speaks for and against them."""

from framing.topics.bags import Bags, bags
from framing.topics.choice import choose_k
from framing.topics.engines import ENGINES
from framing.topics.intrusion import score_intrusion
from framing.topics.model import TopicModel, topic_model
from framing.topics.passages import Passages, representative_documents
from framing.topics.placing import Placement, place
from framing.topics.regression import topics_by_frame
from framing.topics.sheets import Sheet, topic_intrusion_sheet, word_intrusion_sheet
from framing.topics.stability import topic_stability
from framing.topics.terms import topic_terms

__all__ = [
    "ENGINES",
    "Bags",
    "Passages",
    "Placement",
    "Sheet",
    "TopicModel",
    "bags",
    "choose_k",
    "place",
    "representative_documents",
    "score_intrusion",
    "topic_intrusion_sheet",
    "topic_model",
    "topic_stability",
    "topic_terms",
    "topics_by_frame",
    "word_intrusion_sheet",
]
