"""Directed relations against two coders: precision, recall and F1 over (sentence, source, target, polarity).

    python benchmarks/relations_gold.py [GOLD.jsonl] [--errors]

Gold: `relations` as [source, target, polarity] on which both coders agree; those in `relations_disputed` count
neither as right nor as wrong.
"""

from __future__ import annotations

import sys

import gold

import framing as fr


def main() -> int:
    options = gold.arguments(__doc__).parse_args()
    coded, corpus = gold.sentences(options.gold)
    found = fr.relations(corpus, fr.load_codebook("cuba-russia-us"))
    found = found[~found["negated"]]
    true = false_positive = false_negative = 0
    for row in coded:
        rows = found[found["doc_id"] == row["id"]]
        ours = {(r.source, r.target, r.polarity) for r in rows.itertuples()}
        wanted = {tuple(relation) for relation in row["relations"]}
        ours -= {tuple(relation) for relation in row.get("relations_disputed", [])} - wanted
        true += len(ours & wanted)
        false_positive += len(ours - wanted)
        false_negative += len(wanted - ours)
        if options.errors and ours != wanted:
            print(f"\n{row['id']}: {row['sentence']}")
            print(f"    missed: {sorted(wanted - ours)}")
            for r in rows.itertuples():
                mark = "right" if (r.source, r.target, r.polarity) in wanted else "WRONG"
                print(f"    {mark}: {r.source} -> {r.target} {r.polarity:+d} by {r.evidence!r} ({r.term}, {r.quad})")
    precision, recall = true / max(true + false_positive, 1), true / max(true + false_negative, 1)
    f1 = 2 * true / max(2 * true + false_positive + false_negative, 1)
    print(
        f"relations: precision {precision:.2f}, recall {recall:.2f}, F1 {f1:.2f} "
        f"({true} true, {false_positive} false, {false_negative} missed)"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
