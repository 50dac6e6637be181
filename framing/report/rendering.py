"""From sections to one file: templates that escape everything, and a policy that lets nothing in or out."""

from __future__ import annotations

import base64
import functools
import hashlib
import importlib.resources
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from framing.language.shown import short
from framing.report.sections import Section
from framing.report.study import constructed

if TYPE_CHECKING:
    from jinja2 import Environment

    from framing.report.study import Study


@functools.lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("framing.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@functools.lru_cache(maxsize=4)
def _file(name: str) -> str:
    text = importlib.resources.files("framing.report").joinpath("templates", name).read_text("utf-8")
    return f"\n{text.strip()}\n"


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def policy() -> str:
    """Return the page's content security policy: this style sheet and this script, and nothing else at all."""
    return (
        f"default-src 'none'; style-src '{_hash(_file('page.css'))}'; script-src '{_hash(_file('page.js'))}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def render(study: Study, sections: Sequence[Section]) -> str:
    """Return the page."""
    from framing import __version__

    t, article = study.t, study.article
    lead = article.text.lstrip()[:400].partition("\n")[0]
    heading = short(article.title, 200) if article.title else short(lead or article.id, 80)
    about = [article[name] for name in ("outlet", "date", "event") if article[name]]
    facts: dict[str, Any] = {
        "t": t,
        "study": study,
        "sections": sections,
        "policy": policy(),
        "style": Markup(_file("page.css")),  # noqa: S704 (ours)
        "script": Markup(_file("page.js")),  # noqa: S704 (ours)
        "version": __version__,
        "heading": t.name(heading, 200),
        "plain_heading": heading,
        "about": [t.name(part, 80) for part in about],
        "constructed_article": constructed(study.whole),
    }
    return _environment().get_template("page.html").render(facts) + "\n"
