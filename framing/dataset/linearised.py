"""Scores and intervals of large groups, from sums over their documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from framing.scores.proportions import jeffreys, jeffreys_count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from framing.scores.resampling import Floats

    Totals = Mapping[str, Floats]


def figures(whole: Totals, framed: Totals, *, level: float, bootstrap: bool) -> dict[str, Floats]:
    """Return every figure of `fr.frame_scores`, as arrays (groups, frames).

    Parameters
    ----------
    whole, framed : mapping from expression to array
        Sums over documents as `Sums.of` gives them: (groups, 1) and (groups, frames).
    level : float
    bootstrap : bool
        False leaves the bounds of rate and share to Jeffreys and those of prominence missing, as
        ``resamples=0`` does.

    Notes
    -----
    The formulas are in `dataset_scores`; one more hit of mean weight m at a random word, whose position has mean
    u and variance v, moves log prominence to log((F + mu)/(W + m)) and adds the variance (m/(F + mu))² · v.
    """
    from scipy import special

    g, f = whole, framed
    with np.errstate(divide="ignore", invalid="ignore"):
        z = -special.ndtri((1 - level) / 2)
        rate, share = f["w"] / g["n"], f["w"] / g["t"]
        prominence = (f["f"] / f["w"]) / (g["p"] / g["n"])
        found: dict[str, Any] = {
            "words": _all(g["n"], f["w"]).astype(np.int64),
            "sentences": _all(g["s"], f["w"]).astype(np.int64),
            "hits": f["h"].astype(np.int64),
            "negated": f["denied"].astype(np.int64),
            "weighted": f["w"],
            "rate": 1000 * rate,
            "coverage": f["c"] / g["s"],
            "share": share,
            "prominence": prominence,
        }
        width = z * _error(f["w*w"], f["w*n"], g["n*n"], rate, g["n"], g["d"])
        found["low"], found["high"] = 1000 * np.maximum(rate - width, 0), 1000 * (rate + width)
        width = z * _error(f["w*w"], f["w*t"], g["t*t"], share, g["t"], g["d"])
        found["share_low"], found["share_high"] = np.maximum(share - width, 0), np.minimum(share + width, 1)
        found["prominence_low"], found["prominence_high"] = _prominence(g, f, prominence, z)
        varies = {"": f["w"] > 0, "share_": (f["w"] > 0) & (share < 1), "prominence_": f["w"] > 0}
        for name, cells in varies.items():
            for bound in ("low", "high"):
                found[name + bound] = np.where(cells & bootstrap, found[name + bound], np.nan)
        _widen(found, g, f, level)
        found["coverage_low"], found["coverage_high"] = _coverage(g, f, found["coverage"], level)
        for name in ("rate", "share", "coverage"):
            prefix = "" if name == "rate" else f"{name}_"
            for bound in ("low", "high"):
                found[prefix + bound] = np.where(np.isnan(found[name]), np.nan, found[prefix + bound])
    return found


def _all(values: Floats, like: Floats) -> Floats:
    return np.array(np.broadcast_to(values, like.shape))


def _error(xx: Floats, xy: Floats, yy: Floats, ratio: Floats, total: Floats, n: Floats) -> Floats:
    """Return the standard error of a ratio of sums, Σx/Σy over `n` documents."""
    squares = np.maximum(xx - 2 * ratio * xy + ratio**2 * yy, 0)
    error: Floats = np.sqrt(n / (n - 1) * squares) / total
    return error


def _prominence(g: Totals, f: Totals, prominence: Floats, z: float) -> tuple[Floats, Floats]:
    weight, forward, words, placed = f["w"], f["f"], g["n"], g["p"]
    squares = (
        f["f*f"] / forward**2
        + f["w*w"] / weight**2
        + g["p*p"] / placed**2
        + g["n*n"] / words**2
        - 2 * f["f*w"] / (forward * weight)
        - 2 * f["f*p"] / (forward * placed)
        + 2 * f["f*n"] / (forward * words)
        + 2 * f["w*p"] / (weight * placed)
        - 2 * f["w*n"] / (weight * words)
        - 2 * g["n*p"] / (words * placed)
    )
    mean, place = weight / f["h"], placed / words
    spread = np.maximum(g["q"] / words - place**2, 0)
    moved = np.log((forward + mean * place) / (weight + mean)) - np.log(forward / weight)
    error = np.sqrt(g["d"] / (g["d"] - 1) * np.maximum(squares, 0) + (mean / (forward + mean * place)) ** 2 * spread)
    return prominence * np.exp(moved - z * error), prominence * np.exp(moved + z * error)


def _widen(found: dict[str, Any], g: Totals, f: Totals, level: float) -> None:
    """Move the bounds of rate and share out to those of Jeffreys for as many hits, where they lie inside."""
    hits = f["h"]
    per_hit = 1000 * np.where(hits > 0, f["w"] / hits, 1.0) / g["n"]
    all_hits = _all(hits.sum(axis=1, keepdims=True), hits)
    low, high = (bound * per_hit for bound in jeffreys_count(hits, level))
    found["low"], found["high"] = np.fmin(found["low"], low), np.fmax(found["high"], high)
    low, high = jeffreys(hits, all_hits, level)
    found["share_low"], found["share_high"] = np.fmin(found["share_low"], low), np.fmax(found["share_high"], high)


def _coverage(g: Totals, f: Totals, share: Floats, level: float) -> tuple[Floats, Floats]:
    """Return the Jeffreys interval for the effective number of sentences (`framing.scores.proportions`)."""
    from scipy import special

    d, total = g["d"], g["s"]
    residual = np.maximum(f["c*c"] - 2 * share * f["c*s"] + share**2 * g["s*s"], 0)
    alpha = (1 - level) / 2
    narrower = (special.ndtri(alpha) / special.stdtrit(np.maximum(d - 1, 1), alpha)) ** 2
    worth = share * (1 - share) / (d / (d - 1) * residual / total**2) * narrower
    effective = np.minimum(np.where((d > 1) & (residual > 0), worth, total), total)
    return jeffreys(share * effective, effective, level)
