"""Build the example paper: `make paper`, or `python notebooks/paper/build.py --help`.

`paper.md` is the text, a Jinja template; this script computes what stands in its fields, draws the figures,
and hands the filled text to Pandoc (HTML, references) and Typst (PDF). With another article or corpus every
number, table and figure is another one.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import warnings
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import framing as fr
from framing.errors import FramingError, FramingWarning

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
ALPHA = 0.05
ENTRIES_SHOWN = 5  # per frame
SMALL = "none one two three four five six seven eight nine ten eleven twelve".split()
ARABIC = re.compile(r"[\u0600-\u06FF][\u0600-\u06FF\s]*")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="build.py", description="Build the example paper.")
    parser.add_argument("--article", default=ROOT / "corpora/focal", help="corpus that holds the article")
    parser.add_argument("--id", default="putin-diaz-canel-2018", help="the article's id (default: %(default)s)")
    parser.add_argument("--corpus", default=ROOT / "corpora/related", help="what it is compared with, with codings/")
    parser.add_argument("--out", default=ROOT / "build/paper", help="folder of what is written")
    parser.add_argument("--seed", type=int, default=0, help="of everything drawn (default: 0)")
    options = parser.parse_args(arguments)
    try:
        article, corpus = fr.read_corpus(options.article)[options.id], fr.read_corpus(options.corpus)
        human = fr.read_coding_sheet(Path(options.corpus) / "codings", corpus)
        values, tables, axes = compute(article, corpus, human, seed=options.seed)
        for path in write(values, tables, axes, Path(options.out)):
            print(path)
    except (FramingError, OSError) as error:
        print(f"paper: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    return 0


# What stands in the fields ------------------------------------------------------------------------


def compute(
    article: fr.Document, corpus: fr.Corpus, human: fr.Codings, *, codebook: str = "cuba-russia-us", seed: int = 0
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Return, by name, values; tables, each (caption, rows); and figures, each (Axes, alt, caption)."""
    related = corpus.without(article.id) if article.id in corpus else corpus
    lacking = [name for name in ("event", "outlet", "date") if name not in related.columns]
    if lacking:
        message = f"the paper compares by event, outlet and date; corpus {related.name!r} has no {', '.join(lacking)}"
        raise FramingError(message)
    book = fr.load_codebook(codebook)
    labels = {frame.id: frame.title() for frame in book.frames.values()}
    codings = fr.code(related.with_document(article), book)
    own, machine = codings.where(doc_id=article.id), codings.where(doc_id=list(related.ids))
    hits = own.table[~own.table["negated"].astype(bool)]
    if hits.empty:
        message = f"codebook {codebook!r} finds nothing in {article.id!r}, so there is nothing to write about"
        raise FramingError(message)
    scores = fr.frame_scores(codings, random_state=seed)
    mine = scores[scores["doc_id"] == article.id]
    with warnings.catch_warnings():  # of small references and of a sample drawn here: the text says so
        warnings.simplefilter("ignore", FramingWarning)
        place = fr.compare(scores, article.id, random_state=seed)
        event = fr.compare(scores, article.id, reference="event", random_state=seed)
        checked, agreement, validation, corrected = validity(machine, human, related, seed)
    about, size = related.to_pandas(), fr.Corpus([article]).describe().iloc[0]
    top = str(mine.sort_values("rate", kind="stable")["frame"].iloc[-1])
    worst = agreement.sort_values("value").iloc[0]
    values = {
        "article": {"date": article.date, "hits": len(hits), **{n: int(size[n]) for n in ("words", "sentences")}},
        "related": {
            "documents": len(related),
            "words": f"{related.describe()['words'].sum():,}",
            "events": about["event"].nunique(),
            "outlets": about["outlet"].nunique(),
            "first": about["date"].min(),
            "last": about["date"].max(),
        },
        "codebook": {
            "title": book.title,
            "version": book.version,
            "frames": len(labels),
            "entries": sum(len(frame.entries) for frame in book.frames.values()),
        },
        "top": {"frame": top, "label": labels[top]},
        "scores": readable(mine),
        "coverage": dict(zip(mine["frame"], mine["coverage"], strict=True)),
        "place": {row.frame: {"verdict": verdict(row)} for row in place.itertuples()},
        "event": beside(event),
        "influence": influence(fr.entry_influence(codings, focal=article.id), book, labels),
        "narrated": narrated(own, hits),
        "coders": len(human.coders),
        "coded": checked,
        "agreement": {"value": f"{worst['value']:.2f}", "verdict": worst["verdict"]},
        "precision": validation["precision"].min(),
        "recall": dict(zip(validation["frame"], validation["recall"], strict=True)),
        "level": scores.attrs["provenance"]["level"],
        "resamples": scores.attrs["provenance"]["resamples"],
        "made": {
            "corpus": codings.provenance["corpus_sha256"][:12],
            "codebook": codings.provenance["codebook_sha256"][:12],
            "version": fr.__version__,
            "seed": seed,
        },
    }
    tables = {
        "scores": scores_table(mine, place, labels),
        "entries": entries_table(hits, book, labels),
        "validity": validity_table(agreement, validation, corrected, labels),
    }
    return values, tables, draw(own, place, labels | {article.id: "the article"}, seed)


def readable(table: Any) -> dict[str, dict[str, str]]:
    """Return the table as text by frame, with real minus signs."""
    text = table.readable().map(lambda cell: re.sub(r"(?<!\w)-(?=\d)", "−", str(cell)))
    by_frame: dict[str, dict[str, str]] = text.set_index(table["frame"]).to_dict("index")
    return by_frame


def verdict(row: Any) -> str:
    """Say what interval and permutation test say together."""
    if not (row.difference_low > 0 or row.difference_high < 0):
        return "not distinguishable from that of the corpus"
    which = f"{'higher' if row.difference > 0 else 'lower'} than that of the corpus"
    return which if row.p_adjusted < ALPHA else f"{which} by its interval, but not by the adjusted test"


def beside(event: Any) -> dict[str, Any]:
    """Return the difference in alliance from the articles on the same event."""
    n, row = int(event["n"].iloc[0]), readable(event)["alliance"]
    least = f"{2 / (n + 1):.3f}".removeprefix("0")
    return {"n": n, "difference": row["difference"], "p": row["p"], "least": least}


def influence(table: Any, book: fr.Codebook, labels: dict[str, str]) -> dict[str, Any]:
    first, decisive = readable(table.head(1)), table[table["decisive"]]
    frame, row = next(iter(first.items()))
    return {
        "entries": len(table),
        "decisive": len(decisive),
        "of_alliance": int((decisive["frame"] == "alliance").sum()),
        "label": labels[frame],
        "entry": row["entry"],
        "english": gloss(book, frame, row["entry"]),
        "difference": row["difference"],
        "without": row["difference_without"],
    }


def gloss(book: fr.Codebook, frame: str, term: str) -> str:
    return next((entry.en[0] for entry in book.frames[frame].entries if entry.term == term and entry.en), "–")


def narrated(own: fr.Codings, hits: Any) -> dict[str, float]:
    """Return the narrator's share of the words, and of the hits of each frame."""
    words = own.units.groupby("voice")["words"].sum()
    shares = (hits["voice"] == "narrator").groupby(hits["frame"]).mean()
    return {"words": words.get("narrator", 0) / words.sum()} | {f: shares.get(f, float("nan")) for f in own.frames}


def validity(
    machine: fr.Codings, human: fr.Codings, related: fr.Corpus, seed: int
) -> tuple[dict[str, Any], Any, Any, Any]:
    """Return facts, agreement, precision and recall, and shares corrected as if a third had been read."""
    import numpy as np

    truth = fr.adjudicate(human, rule=human.coders[0])
    validation = fr.validate(machine, against=truth, corpus=related, random_state=seed).scores
    drawn = np.random.default_rng(seed).choice(related.ids, size=max(2, len(related) // 3), replace=False)
    corrected = fr.corrected(machine, truth.where(doc_id=sorted(drawn)))
    shares = fr.frame_scores(truth, by="coder", resamples=0).set_index("frame")["coverage"]
    corrected["readers"] = corrected["frame"].map(shares)
    facts = {
        "sentences": truth.n_sentences,
        "drawn": len(drawn),
        "drawn_sentences": int(corrected["coded"].max()),
        "held": int(corrected["readers"].between(corrected["low"], corrected["high"]).sum()),
        "low": int((corrected["naive_high"] < corrected["readers"]).sum()),
    }
    return facts, fr.agreement(human, random_state=seed), validation, corrected


# Tables and figures -------------------------------------------------------------------------------


def scores_table(mine: Any, place: Any, labels: dict[str, str]) -> tuple[str, Any]:
    there = readable(place)
    rows = [
        {
            "frame": labels[frame],
            "hits": row["hits"],
            "rate": row["rate"],
            "corpus": there[frame]["reference_mean"],
            "difference": there[frame]["difference"],
            "p": there[frame]["p_adjusted"],
        }
        for frame, row in readable(mine).items()
    ]
    caption = "The article: hits; rate, mean rate of the corpus, and their difference, with intervals; adjusted p."
    return caption, rows


def entries_table(hits: Any, book: fr.Codebook, labels: dict[str, str]) -> tuple[str, Any]:
    rows, more = [], 0
    for frame, label in labels.items():
        mine = hits[hits["frame"] == frame]
        counted = mine["entry"].value_counts()
        more += len(counted[ENTRIES_SHOWN:])
        for entry in counted.index[:ENTRIES_SHOWN]:
            voices = mine.loc[mine["entry"] == entry, "voice"].value_counts()
            said = ", ".join(f"{voice} {n}" for voice, n in voices.items())
            english = gloss(book, frame, entry)
            rows.append({"frame": label, "entry": entry, "in English": english, "hits by voice": said})
    rest = f" {more} more entries have a hit." if more else ""
    return f"Entries of the codebook found in the article, at most {ENTRIES_SHOWN} per frame.{rest}", rows


def validity_table(agreement: Any, validation: Any, corrected: Any, labels: dict[str, str]) -> tuple[str, Any]:
    alpha, found, mended = (table.set_index("frame").T for table in (agreement, validation, corrected))
    rows = [
        {
            "frame": label,
            "alpha": interval(alpha[frame], "value", "low", "high"),
            "precision": interval(found[frame], "precision"),
            "recall": interval(found[frame], "recall"),
            "lexicon": interval(mended[frame], "naive"),
            "corrected": interval(mended[frame], "corrected", "low", "high"),
            "all codes": f"{mended[frame]['readers']:.2f}",
        }
        for frame, label in labels.items()
    ]
    caption = (
        "Agreement of the coders, precision and recall of the lexicon, and the share of sentences with a frame: by the "
        "lexicon, corrected, and by all codes; with intervals."
    )
    return caption, rows


def interval(row: Any, name: str, low: str = "", high: str = "") -> str:
    """Return a share with its interval."""
    return "{:.2f} ({:.2f} to {:.2f})".format(*row[[name, low or f"{name}_low", high or f"{name}_high"]])


def draw(own: fr.Codings, place: Any, labels: dict[str, str], seed: int) -> dict[str, tuple[Any, str, str]]:
    by_voice = fr.frame_scores(own, by="voice", random_state=seed)
    voiced = zip(by_voice["frame"], by_voice["voice"], by_voice["hits"], strict=True)
    said = "; ".join(f"{labels[frame]}, {voice} {hits}" for frame, voice, hits in voiced if hits)
    placed = zip(place["frame"], place["value"], place["reference_mean"], strict=True)
    there = "; ".join(f"{labels[frame]} {value:.1f}, mean {mean:.1f}" for frame, value, mean in placed)
    return {
        "position": (
            fr.plot.position(place, labels=labels, width="double"),
            f"Hits per thousand words, the article and the mean of the others: {there}.",
            "The article, with intervals, among the articles of the constructed corpus: hits per thousand words.",
        ),
        "voices": (
            fr.plot.voices(by_voice, labels=labels),
            f"Hits in the article by voice: {said}.",
            "Whose words carry the frames: the narrator's, quoted, and reported speech in the article.",
        ),
    }


# Text ---------------------------------------------------------------------------------------------


def words(number: int) -> str:
    return SMALL[number] if 0 <= number < len(SMALL) else f"{number:,}"


def percent(share: float) -> str:
    return f"{share:.0%}" if share == share else "no share"  # noqa: PLR0124


def day(text: str) -> str:
    from babel.dates import format_date

    return format_date(date.fromisoformat(str(text)[:10]), "d MMMM y", locale="en")


def plain(text: str) -> str:
    """Return `text` so that Markdown shows it as it is."""
    return re.sub(r"([\\`*_{}\[\]<>|#$@^~!])", r"\\\1", " ".join(str(text).split()))


def arabic(text: str) -> str:
    """Mark what is Arabic as Arabic, right to left."""
    return ARABIC.sub(
        lambda run: f"[{run.group().rstrip()}]{{lang=ar dir=rtl}}" + " " * run.group().endswith(" "), plain(text)
    )


def fill(source: str, values: dict[str, Any], tables: dict[str, Any], figures: dict[str, tuple[str, str, str]]) -> str:
    """Return the text with values, tables and figures in place; figures are (path, alt, caption)."""
    import jinja2

    numbers = {
        name: f"{kind} {n}" for kind, of in (("Table", tables), ("Figure", figures)) for n, name in enumerate(of, 1)
    }

    def table(name: str) -> str:
        caption, rows = tables[name]
        cells = [list(rows[0]), [":--"] * len(rows[0]), *([arabic(cell) for cell in row.values()] for row in rows)]
        lines = ["| " + " | ".join(line) + " |" for line in cells]
        return "\n".join(lines) + f"\n\n: {numbers[name]}. {caption}"

    def figure(name: str) -> str:
        path, alt, caption = figures[name]
        return f'![{numbers[name]}. {caption}]({path}){{alt="{plain(alt)}" width=100%}}'

    template = jinja2.Environment(  # noqa: S701 (Markdown, not HTML)
        undefined=jinja2.StrictUndefined,
        comment_start_string="<!--",  # {# begins an identifier of Pandoc's
        comment_end_string="-->",
    )
    template.filters |= {"words": words, "percent": percent, "date": day, "arabic": arabic}
    template.globals |= {"table": table, "figure": figure, "see": numbers.__getitem__}
    try:
        return template.from_string(source).render(values)
    except (jinja2.TemplateError, KeyError) as error:
        line = f", line {error.lineno}" if isinstance(error, jinja2.TemplateSyntaxError) else ""
        message = f"paper.md{line} asks for what the results do not have: {error}"
        raise FramingError(message) from error


def fonts() -> Path:
    import matplotlib as mpl

    return Path(mpl.get_data_path()) / "fonts" / "ttf"


def write(values: dict[str, Any], tables: dict[str, Any], axes: dict[str, Any], out: Path) -> list[Path]:
    """Write paper.md (filled), paper.html (one file, nothing beside it needed) and paper.pdf into `out`."""
    try:
        import pypandoc
        import typst
    except ImportError as error:
        message = f"the paper needs {error.name}: pip install 'pypandoc-binary>=1.15' 'typst>=0.13' (the extra 'paper')"
        raise FramingError(message) from None
    if out.resolve() == HERE:
        message = f"{out} holds the template, which would be overwritten; give another folder"
        raise FramingError(message)
    out.mkdir(parents=True, exist_ok=True)
    figures = {}
    for name, (ax, alt, caption) in axes.items():
        image = fr.plot.save(ax, name, alt=alt, caption=caption, folder=out / "figures").with_suffix(".svg")
        figures[name] = (image.relative_to(out).as_posix(), alt, caption)
    text = fill((HERE / "paper.md").read_text(encoding="utf-8"), values, tables, figures)
    (out / "paper.md").write_text(text, encoding="utf-8")
    shared = [f"--defaults={HERE / 'pandoc.yaml'}", f"--resource-path={out}"]
    typeset = [*shared, f"--include-in-header={HERE / 'paper.typ'}"]
    try:
        pypandoc.convert_text(text, "html5", "markdown", extra_args=shared, outputfile=out / "paper.html")
        source = pypandoc.convert_text(text, "typst", "markdown", extra_args=typeset)
        for path, alt, _ in figures.values():  # Pandoc leaves the text alternatives of images out
            source = source.replace(f'image("{path}"', f'image("{path}", alt: {json.dumps(alt, ensure_ascii=False)}')
        (out / "paper.typ").write_text(source, encoding="utf-8")
        # Arabic is set in DejaVu Sans, which comes with matplotlib; Typst brings the Latin letters.
        typst.compile(
            out / "paper.typ", output=out / "paper.pdf", root=out, font_paths=[fonts()], ignore_system_fonts=True
        )
    except (RuntimeError, typst.TypstError) as error:
        message = f"the paper cannot be set: {error}"
        raise FramingError(message) from error
    return [out / f"paper.{ending}" for ending in ("md", "html", "pdf")]


if __name__ == "__main__":
    raise SystemExit(main())
