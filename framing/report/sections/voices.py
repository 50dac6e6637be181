"""Who speaks in the article, and which frames their words carry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from framing.report.charts import stacked

if TYPE_CHECKING:
    import pandas as pd

    from framing.report.study import Study

_VOICES = ("narrator", "quoted", "reported")
#: Speakers and attributed stretches that are listed.
_MOST_SPEAKERS, _MOST_STRETCHES = 15, 60


def content(study: Study) -> dict[str, Any]:
    """Return hits by frame and voice, by speaker, and the attributed stretches."""
    from framing.voice import attributions

    t = study.t
    by_voice = study.scored(["voice"], resamples=0)
    hits = by_voice.pivot_table(index="frame", columns="voice", values="hits", aggfunc="sum", sort=False)
    counts: Any = hits.to_dict("index")
    words = by_voice.groupby("voice", sort=False)["words"].first()
    voices = [voice for voice in _VOICES if voice in words.index]
    totals = [float(words[voice]) for voice in voices]
    most = float(hits.sum(axis=1).max()) if len(hits) else 0.0
    mirrored = t.direction == "rtl"
    rows = [
        {
            "frame": study.frame(id),
            "number": number,
            "counts": [t.number(int(counts[id][voice]), 0) for voice in voices],
            "bar": stacked([float(counts[id][voice]) for voice in voices], most, mirrored=mirrored),
        }
        for number, id in enumerate(study.frames)
        if id in hits.index
    ]
    found = attributions(study.article, study.codebook)
    return {
        "voices": voices,
        "rows": rows,
        "words": [t.percent(n / sum(totals)) if sum(totals) else t.number(0, 0) for n in totals],
        "words_bar": stacked(totals, sum(totals), mirrored=mirrored),
        "speakers": _speakers(study),
        "stretches": [_stretch(study, row) for row in found.head(_MOST_STRETCHES).to_dict("records")],
        "n_stretches": len(found),
    }


def _speakers(study: Study) -> dict[str, Any]:
    """Return words and hits of everybody who is named as a speaker, those with most words first."""
    t = study.t
    scores = study.scored(["speaker", "side"], resamples=0)
    named = scores[scores["speaker"].notna()]
    order = named.groupby("speaker", sort=False)["words"].max().sort_values(ascending=False, kind="stable").index
    return {
        "n": len(order),
        "rows": [
            {
                "speaker": t.name(speaker, 80),
                "side": study.actor(named.loc[named["speaker"] == speaker, "side"].iloc[0]),
                "words": t.number(int(_total(named, speaker, "words") / max(1, len(study.frames))), 0),
                "hits": [t.number(int(_total(named, speaker, "hits", frame)), 0) for frame in study.frames],
            }
            for speaker in order[:_MOST_SPEAKERS]
        ],
    }


def _total(named: pd.DataFrame, speaker: str, column: str, frame: str | None = None) -> float:
    rows = named[named["speaker"] == speaker]
    return float((rows if frame is None else rows[rows["frame"] == frame])[column].sum())


def _stretch(study: Study, row: dict[Any, Any]) -> dict[str, Any]:
    t = study.t
    speaker, cue = (row[name] if isinstance(row[name], str) else "" for name in ("speaker", "cue"))
    return {
        "speaker": t.name(speaker, 80) if speaker else t("voices.nobody"),
        "side": study.actor(row["side"]),
        "cue": t.name(cue, 40) if cue else "",
        "directness": t.word("directness", row["directness"]),
        "text": t.name(row["text"], 280),
        "sentence": t.number(int(row["sentence"]) + 1, 0),
    }
