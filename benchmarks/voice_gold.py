"""Attribution against two coders, sentence by sentence: is it attributed, and is the speaker found?

    python benchmarks/voice_gold.py [GOLD.jsonl] [--errors]

Gold: `attributed` 0, 1 or null (the coders differ: left out), `speaker` as a span of the sentence ("" where
only a pronoun or nobody is named). A sentence counts as attributed when a direct, indirect or
according-to stretch, with its cue and speaker, covers at least half of it.
"""

from __future__ import annotations

import re
import sys

import gold
import pandas as pd

import framing as fr


def main() -> int:
    options = gold.arguments(__doc__).parse_args()
    coded, corpus = gold.sentences(options.gold)
    found = fr.attributions(corpus)
    by_sentence = dict(iter(found.groupby("doc_id")))
    true = false_positive = false_negative = spoken = right = exact = 0
    errors = []
    for row in coded:
        if row["attributed"] is None:
            continue
        rows = by_sentence.get(row["id"])
        ours = rows is not None and covers(rows, row["sentence"])
        if ours and row["attributed"]:
            true += 1
        elif ours:
            false_positive += 1
            errors.append(("false positive", row, rows))
        elif row["attributed"]:
            false_negative += 1
            errors.append(("false negative", row, rows))
        if row["attributed"] and row.get("speaker"):
            spoken += 1
            named = [match.span() for match in re.finditer(re.escape(row["speaker"]), row["sentence"])]
            spans = speakers(rows)
            hit = any(a < end and start < b for a, b in spans for start, end in named)
            right += hit
            exact += any(span in named for span in spans)
            if not hit:
                errors.append(("speaker missed", row, rows))
    precision, recall = true / max(true + false_positive, 1), true / max(true + false_negative, 1)
    f1 = 2 * true / max(2 * true + false_positive + false_negative, 1)
    print(
        f"attribution: precision {precision:.2f}, recall {recall:.2f}, F1 {f1:.2f} "
        f"({true} true, {false_positive} false, {false_negative} missed)"
    )
    print(
        f"speaker, of {spoken} attributed sentences that name one: exact or overlapping "
        f"{right / max(spoken, 1):.2f}, exact {exact / max(spoken, 1):.2f}"
    )
    if options.errors:
        for error in errors:
            explain(*error)
    return 0


def explain(kind: str, row: dict[str, str], rows: pd.DataFrame | None) -> None:
    print(f"\n{kind} {row['id']}: {row['sentence']}\n    gold speaker: {row.get('speaker')!r}")
    for r in () if rows is None else rows.itertuples():
        print(f"    {r.directness}: cue {r.cue!r}, speaker {r.speaker!r}: {r.text[:80]!r}")


def speakers(rows: pd.DataFrame | None) -> list[tuple[int, int]]:
    if rows is None:
        return []
    known = rows.dropna(subset="speaker_start")
    return list(zip(known["speaker_start"].astype(int), known["speaker_end"].astype(int), strict=True))


def covers(rows: pd.DataFrame, sentence: str) -> bool:
    kept = rows[rows["directness"] != "scare"]
    marked = [False] * len(sentence)
    for row in kept.itertuples():
        parts = [(row.start, row.end), (row.speaker_start, row.speaker_end), (row.cue_start, row.cue_end)]
        for a, b in parts:
            if pd.notna(a) and pd.notna(b):
                marked[int(a) : int(b)] = [True] * int(b - a)
    return sum(marked) >= 0.5 * len(sentence)


if __name__ == "__main__":
    sys.exit(main())
