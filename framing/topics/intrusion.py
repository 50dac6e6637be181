"""Scoring intrusion sheets: how often coders found the intruder, with an interval and a test against chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.errors import FramingError, choices
from framing.scores import proportions, resampling
from framing.topics import limits
from framing.topics.sheets import ANSWER, KEY_ENDING, Sheet
from framing.topics.tables import result

if TYPE_CHECKING:
    import pandas as pd

_KEY_COLUMNS = ("item", "kind", "topic", "answer", "options")
#: Least topic share that a logarithm is taken of.
_LEAST = 1e-4


def score_intrusion(
    sheet: Sheet | pd.DataFrame | str | Path,
    answers: Any = None,
    *,
    level: float = 0.95,
    resamples: int = 2_000,
    random_state: int = 0,
) -> pd.DataFrame:
    """Score filled intrusion sheets.

    Parameters
    ----------
    sheet : Sheet, DataFrame or path
        The sheet, its key, or the key's file (or the sheet's file, beside which the key lies).
    answers : DataFrame, path, or several of them, optional
        The filled sheet of one coder, or of several: a list, or a mapping from the coder's name. Without it, what
        was chosen in the notebook (`Sheet.ask`). Column `intruder` holds the number of the option or the option
        itself; an empty cell is not an answer, and not counted.
    level, resamples, random_state
        Of the intervals. With one answer per item Jeffreys; with several coders items are drawn with replacement,
        for two coders of one item are not two independent answers.

    Returns
    -------
    DataFrame
        `scope` ("all", "coder", "topic"), `name` (coder or topic), `items` (answered), `answers`, `correct`,
        `precision` (the share of answers that found the intruder: Chang et al.'s model precision), `low`, `high`,
        `chance` (1 / options), `p` (exact binomial test of guessing, one-sided), `unanswered`; for topic sheets
        `log_odds`, their topic log odds: mean of log γ(intruder) − log γ(chosen), 0 when all was found, lower the
        worse the mistakes.

    Raises
    ------
    FramingError
        Naming the file and item: no such item, an answer that is no option, no answer at all.

    Examples
    --------
    >>> import pandas as pd
    >>> key = pd.DataFrame({"item": ["W001", "W002"], "kind": "word", "topic": [0, 1], "answer": [2, 6], "options": 6})
    >>> filled = pd.DataFrame({"item": ["W001", "W002"], "intruder": ["2", "1"]})
    >>> score_intrusion(key, filled).loc[0, ["correct", "answers", "precision", "p"]].round(3).tolist()
    [1.0, 2.0, 0.5, 0.306]
    """
    import pandas as pd

    limits.check_resampling(level, resamples)
    key = _key(sheet).set_index("item")
    given = _given(sheet, answers)
    rows: list[dict[str, Any]] = []
    unanswered = dict.fromkeys(given, 0)
    for coder, table in given.items():
        for item, chosen in _chosen(table, key, coder):
            if chosen is None:
                unanswered[coder] += 1
                continue
            known = key.loc[item]
            right = chosen == int(str(known["answer"]))
            odds = _log_odds(known, chosen)
            rows.append({"coder": coder, "item": item, "topic": known["topic"], "right": right, "odds": odds})
    if not rows:
        message = f"no answer in {choices(given)}: the column {ANSWER!r} is empty everywhere"
        raise FramingError(message)
    found = pd.DataFrame(rows)
    settings: dict[str, Any] = {"level": level, "resamples": resamples, "seed": random_state}
    settings["chance"] = 1 / int(key["options"].astype(int).iloc[0])
    scored = [_row("all", "all", found, unanswered=sum(unanswered.values()), **settings)]
    if len(given) > 1:
        by_coder = found.groupby("coder", sort=False)
        scored += [_row("coder", name, part, unanswered=unanswered[str(name)], **settings) for name, part in by_coder]
    scored += [_row("topic", topic, part, unanswered=0, **settings) for topic, part in found.groupby("topic")]
    table = pd.DataFrame(scored)
    if str(key["kind"].iloc[0]) == "word":
        table = table.drop(columns="log_odds")
    facts = {"level": level, "resamples": resamples, "random_state": random_state, "coders": list(given)}
    return result(table, {**(sheet.provenance if isinstance(sheet, Sheet) else {}), **facts})


def _key(sheet: Any) -> pd.DataFrame:
    import pandas as pd

    if isinstance(sheet, Sheet):
        return sheet.key
    if isinstance(sheet, pd.DataFrame):
        key, where = sheet, "the key"
    else:
        path = Path(sheet)
        if not path.name.endswith(KEY_ENDING):
            path = path.with_name(path.stem + KEY_ENDING)
        key, where = _read(path), str(path)
    missing = [name for name in _KEY_COLUMNS if name not in key.columns]
    if missing:
        message = f"{where} has no column {choices(missing)}; it is the file that Sheet.save wrote as name{KEY_ENDING}"
        raise FramingError(message)
    return key.astype({"item": str})


def _read(path: Path) -> pd.DataFrame:
    import pandas as pd

    from framing.corpus.tables import read_table

    return pd.DataFrame(read_table(path)).astype(object)


def _given(sheet: Any, answers: Any) -> dict[str, pd.DataFrame]:
    """Return the answers by coder, as tables with `item` and `intruder`."""
    import pandas as pd

    if answers is None:
        given = sheet.given if isinstance(sheet, Sheet) else {}
        if not given:
            message = (
                "there are no answers yet: fill in the sheet and pass it as answers=, or use sheet.ask() in a notebook"
            )
            raise FramingError(message)
        return {coder: pd.DataFrame(list(chosen.items()), columns=["item", ANSWER]) for coder, chosen in given.items()}
    if isinstance(answers, Mapping):
        parts = {str(coder): value for coder, value in answers.items()}
    elif isinstance(answers, Sequence) and not isinstance(answers, str):
        parts = {str(_name(value, number)): value for number, value in enumerate(answers, 1)}
        if len(parts) < len(answers):
            message = "two of the answer files have one name; pass a mapping from coder to file"
            raise FramingError(message)
    else:
        parts = {str(_name(answers, 1)): answers}
    return {coder: value if isinstance(value, pd.DataFrame) else _read(Path(value)) for coder, value in parts.items()}


def _name(value: Any, number: int) -> str:
    return Path(value).stem if isinstance(value, str | Path) else f"coder {number}"


def _chosen(table: pd.DataFrame, key: pd.DataFrame, coder: str) -> list[tuple[str, int | None]]:
    """Return (item, number of the chosen option or None) of one coder."""
    columns = [str(name).removeprefix("\ufeff") for name in table.columns]
    table = table.set_axis(columns, axis=1)
    if "item" not in columns:
        message = f"the answers of {coder!r} have no column 'item'; keep the columns of the sheet as they are"
        raise FramingError(message)
    if ANSWER not in columns:  # a column without any entry is not read from a file
        return [(str(item), None) for item in table["item"]]
    found: list[tuple[str, int | None]] = []
    seen: set[str] = set()
    options = {str(name): int(str(count)) for name, count in key["options"].items()}
    for row in table.to_dict("records"):
        item = str(row["item"]).strip()
        if item not in key.index:
            message = (
                f"the answers of {coder!r} have the item {item!r}, which is not in the key; is it of another sheet?"
            )
            raise FramingError(message)
        if item in seen:
            message = f"the answers of {coder!r} have the item {item!r} twice"
            raise FramingError(message)
        seen.add(item)
        found.append((item, _number(row, options[item], coder)))
    return found


def _number(row: Mapping[Any, Any], options: int, coder: str) -> int | None:
    """Return the number of the option that a cell names, by number or by its text; None for an empty cell."""
    value = row[ANSWER]
    if value is None or (isinstance(value, float) and np.isnan(value)) or not str(value).strip():
        return None
    text = str(value).strip().translate(str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")).removesuffix(".0")
    if text.isdigit() and 1 <= int(text) <= options:
        return int(text)
    same = [n for n in range(1, options + 1) if str(row.get(f"option_{n}", "")).strip() == str(value).strip()]
    if len(same) == 1:
        return same[0]
    where = f"the answers of {coder!r}, item {row['item']}"
    message = f"{where}: {value!r} is none of the options; give a number from 1 to {options}, or the option as written"
    raise FramingError(message)


def _log_odds(known: Any, chosen: int) -> float:
    weights = str(known.get("weights", "") or "").split()
    if not weights or weights == ["nan"]:
        return float("nan")
    shares = np.maximum(np.asarray(weights, float), _LEAST)
    return float(np.log(shares[int(known["answer"]) - 1]) - np.log(shares[chosen - 1]))


def _row(
    scope: str,
    name: Any,
    found: pd.DataFrame,
    *,
    chance: float,
    unanswered: int,
    level: float,
    resamples: int,
    seed: int,
) -> dict[str, Any]:
    from scipy import stats

    right = found["right"].to_numpy(bool)
    n, correct = len(right), int(right.sum())
    items = found["item"].nunique()
    low, high = _interval(found, level, resamples, seed) if n > items > 1 else _jeffreys(correct, n, level)
    return {
        "scope": scope,
        "name": name,
        "items": items,
        "answers": n,
        "correct": correct,
        "precision": correct / n,
        "low": low,
        "high": high,
        "chance": chance,
        "p": float(stats.binomtest(correct, n, chance, alternative="greater").pvalue),
        "unanswered": unanswered,
        "log_odds": float(found["odds"].mean()),
    }


def _jeffreys(correct: float, n: int, level: float) -> tuple[float, float]:
    low, high = proportions.jeffreys(np.asarray([correct], float), np.asarray([n], float), level)
    return float(low[0]), float(high[0])


def _interval(found: pd.DataFrame, level: float, resamples: int, seed: int) -> tuple[float, float]:
    """Return the percentile interval of the precision when items are drawn with replacement.

    Where all answers are alike there is nothing to draw from; the Jeffreys bounds for as many items are then
    taken, rather than an interval of no width.
    """
    by_item = found.groupby("item")["right"].agg(["sum", "count"]).to_numpy(float)
    n = len(by_item)
    if len(np.unique(by_item[:, 0] / by_item[:, 1])) == 1:
        return _jeffreys(n * by_item[0, 0] / by_item[0, 1], n, level)
    drawn = np.random.default_rng([seed, n]).multinomial(n, np.full(n, 1 / n), size=resamples) @ by_item
    low, high = resampling.percentiles((drawn[:, 0] / drawn[:, 1])[None, :], level, np.asarray(n))
    return float(low[0]), float(high[0])
