"""What `framing` offers, for editors and type checkers; `__init__.py` imports each room when it is first used."""

from framing import collect as collect, language as language, plot as plot
from framing.codebook import (
    Actor as Actor,
    Codebook as Codebook,
    Condition as Condition,
    Entry as Entry,
    Frame as Frame,
    load_codebook as load_codebook,
)
from framing.codebook.exchange import export_codebook as export_codebook, import_codebook as import_codebook
from framing.coding import Codings as Codings, code as code
from framing.compare import (
    compare as compare,
    entry_influence as entry_influence,
    specification_curve as specification_curve,
)
from framing.corpus import (
    Corpus as Corpus,
    Document as Document,
    check_corpus as check_corpus,
    deduplicate as deduplicate,
    near_duplicates as near_duplicates,
    read_corpus as read_corpus,
    read_document as read_document,
    write_corpus as write_corpus,
)
from framing.dataset import code_dataset as code_dataset, dataset_scores as dataset_scores, read_codings as read_codings
from framing.errors import FramingError as FramingError, FramingWarning as FramingWarning
from framing.keyness import keyness as keyness
from framing.kwic import kwic as kwic
from framing.lexicon import check_codebook as check_codebook, expand as expand
from framing.lexicon.vectorizer import CodebookVectorizer as CodebookVectorizer
from framing.report import Report as Report, report as report, show as show
from framing.scores import (
    cooccurrence as cooccurrence,
    frame_profile as frame_profile,
    frame_scores as frame_scores,
    timeline as timeline,
)
from framing.stance import evaluations as evaluations, relations as relations, stance as stance
from framing.topics import (
    choose_k as choose_k,
    place as place,
    representative_documents as representative_documents,
    score_intrusion as score_intrusion,
    topic_intrusion_sheet as topic_intrusion_sheet,
    topic_model as topic_model,
    topic_stability as topic_stability,
    topic_terms as topic_terms,
    topics_by_frame as topics_by_frame,
    word_intrusion_sheet as word_intrusion_sheet,
)
from framing.validity import (
    adjudicate as adjudicate,
    agreement as agreement,
    code_in_notebook as code_in_notebook,
    coding_sheet as coding_sheet,
    corrected as corrected,
    disagreements as disagreements,
    labels_needed as labels_needed,
    methods_appendix as methods_appendix,
    read_coding_sheet as read_coding_sheet,
    validate as validate,
)
from framing.voice import attributions as attributions

__version__: str
