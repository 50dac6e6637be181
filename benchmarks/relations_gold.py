"""Directed relations against two coders: precision, recall and F1 over (sentence, source, target, polarity).

    python benchmarks/relations_gold.py [GOLD.jsonl] [--errors]

Gold: `relations` as [source, target, polarity] on which both coders agree; those in `relations_disputed` count
neither as right nor as wrong.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import framing as fr

DEFAULT_GOLD = Path(__file__).parents[2] / "shared" / "data" / "gold-sentences-dev.jsonl"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="?", type=Path, default=DEFAULT_GOLD)
    parser.add_argument("--errors", action="store_true", help="print every error in context")
    options = parser.parse_args()
    if not options.gold.is_file():
        print(f"skipped: no gold file {options.gold}", file=sys.stderr)
        return 0
    gold = [json.loads(line) for line in options.gold.read_text(encoding="utf-8").splitlines()]
    corpus = fr.Corpus([fr.Document(id=row["id"], text=row["sentence"]) for row in gold], name="gold")
    found = fr.relations(corpus, fr.load_codebook("cuba-russia-us"))
    found = found[~found["negated"]]
    true = false_positive = false_negative = 0
    for row in gold:
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
