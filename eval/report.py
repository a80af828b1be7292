"""Results → one HTML page that needs nothing else, and one PNG of its drawings.

The page may be sent on: it holds no script and loads nothing, and a content policy
says so to the browser. Whatever comes from documents and questions is escaped.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from eval import report_plots
from eval.compare import Comparison, Difference
from eval.metrics import Figure
from eval.reading import Reading
from eval.reading import parse as parse_reading
from eval.report_views import WORST, Line, Section, sections
from eval.run import Result, find, read, results_folder
from rag.errors import BadInput

TEMPLATES = Path(__file__).resolve().parent / "templates"


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing as it stands in the page."""

    title: str
    told: str
    svg: Any  # safe markup


def open_results(named: Sequence[str]) -> list[Result | Reading]:
    """Read stored results; where none is named, the latest of each suite.

    Raises:
        BadInput: there is no such result, or none at all.

    """
    if named:
        return [_read(name) for name in named]
    latest: dict[str, Result | Reading] = {}
    for path in results_folder().glob("*.json"):
        result = _parse(path)
        kept = result and latest.get(result.suite)
        if result and (kept is None or kept.started < result.started):
            latest[result.suite] = result
    if not latest:
        raise BadInput("No result is stored yet; run: rag eval run sample")
    return [latest[suite] for suite in sorted(latest)]


def write(
    results: Sequence[Result | Reading], page: Path, png: Path, *, worst: int = WORST
) -> None:
    """Write the page and the picture.

    Raises:
        BadInput: a file cannot be written, or more results of one suite are given than
            can be told apart.

    """
    views = sections(results, worst)
    text = html(views)
    try:
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(text, encoding="utf-8")
        report_plots.png(views, png)
    except OSError as error:
        raise BadInput(f"The report cannot be written to {page}: {error.strerror}.") from error


def html(views: Sequence[Section], now: datetime | None = None) -> str:
    """Print the page."""
    from markupsafe import Markup

    style = (TEMPLATES / "report.css").read_text(encoding="utf-8")
    # As bytes of the page: the policy names the one style sheet by its digest.
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return _rendered(
        "report.html",
        views,
        style=Markup(style),
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'",
        made=(now or datetime.now(UTC)).strftime("%Y-%m-%d %H:%M UTC"),
    )


@dataclass(frozen=True, slots=True)
class Part:
    """The body of the page without its head, for another page to show, and its style sheet."""

    html: str
    css: str


def part(views: Sequence[Section]) -> Part:
    """Print what the page shows of each suite, escaped as it is there."""
    css = (TEMPLATES / "report.css").read_text(encoding="utf-8")
    return Part(_rendered("sections.html", views), css)


def _rendered(template: str, views: Sequence[Section], **more: Any) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Any] = {
        "figure": _figure, "value": _value, "ends": _ends, "signed": _signed, "p": _p,
    }  # fmt: skip
    environment.filters.update(filters)
    pictures = {
        view.anchor: [
            Picture(
                drawing.title,
                drawing.told,
                Markup(report_plots.svg(drawing, f"{view.anchor}-{place}")),
            )
            for place, drawing in enumerate(report_plots.drawings(view))
        ]
        for view in views
    }
    return environment.get_template(template).render(
        sections=views,
        pictures=pictures,
        span=_span,
        changed=_changed,
        brief=_brief,
        **more,
    )


def _read(named: str) -> Result | Reading:
    return parse_reading(find(named).read_bytes()) or read(named)


def _parse(path: Path) -> Result | Reading | None:
    """Read a file of the folder of results; None where it is something else, or of old."""
    data = path.read_bytes()
    try:
        return parse_reading(data) or TypeAdapter(Result).validate_json(data)
    except ValidationError:
        return None


def _changed(
    comparison: Comparison, unseen: frozenset[str], limit: int = WORST
) -> Iterator[tuple[str, str, list[str]]]:
    """Give id, kind and moves of what changed most, but for what must stay unseen."""
    for change in [each for each in comparison.changed if each.id not in unseen][:limit]:
        moves = [
            f"{name} {_plain(a)} → {_plain(b)}" for name, (a, b) in change.scores.items() if a != b
        ]
        if change.answered[0] != change.answered[1]:
            moves.insert(0, "refused → answered" if change.answered[1] else "answered → refused")
        yield change.id, change.kind, moves


def _brief(section: Section) -> str:
    """Tell commit and index in a line; "…" where the runs differ in them."""
    facts = {fact.what: "…" if fact.differs else fact.values[0] for fact in section.facts}
    told = [f"commit {facts['commit']}"] if facts.get("commit") else []
    if facts.get("index.sha256"):
        held = (facts.get(f"index.{what}", "") for what in ("documents", "paragraphs"))
        told.append(
            "index {} ({} documents, {} paragraphs)".format(facts["index.sha256"][:12], *held)
        )
    elif facts.get("gold_sha256"):
        told.append(f"gold {facts['gold_sha256'][:12]}")
    return ", ".join(told)


def _span(figure: Figure, line: Line, lines: Sequence[Line]) -> tuple[float, float, float]:
    """Place value and interval on a strip of 100; costs are measured by the largest of the row."""
    ends = (figure.low, figure.value, figure.high)
    whole = 1.0
    if not line.share:
        every = [cell.high or cell.value for cell in line.cells if cell]
        whole = max(every) or 1.0
    low, value, high = (figure.value if end is None else end for end in ends)
    return (100 * low / whole, 100 * value / whole, 100 * high / whole)


def _figure(figure: Figure, name: str = "") -> str:
    return _value(figure.value, name)


def _value(value: float, name: str = "") -> str:
    """Print a value: shares with three digits, seconds as milliseconds where that is plainer."""
    if name.startswith("seconds"):
        return _milliseconds(value) if abs(value) < 1 else f"{value:.2f} s"
    if name.startswith("tokens"):
        return f"{value:,.0f}"
    return f"${value:.4f}" if name == "cost" else f"{value:.3f}"


def _milliseconds(seconds: float) -> str:
    digits = 0 if abs(seconds) >= 0.1 else 1
    return f"{seconds * 1000:.{digits}f} ms"


def _ends(figure: Figure, name: str = "") -> str:
    """Print the ends of an interval; empty where there is none."""
    if figure.low is None or figure.high is None:
        return ""
    return f"{_value(figure.low, name)} to {_value(figure.high, name)}"


def _signed(row: Difference) -> str:
    """Print a difference with its interval and its sign."""
    ends = [end for end in (row.low, row.high) if end is not None]
    told, *rest = (
        ("+" if value >= 0 else "−") + _value(abs(value), row.figure)
        for value in (row.difference, *ends)
    )
    return f"{told} [{' to '.join(rest)}]" if rest else told


def _p(value: float) -> str:
    return f"{value:.3f}" if value >= 0.001 else "< 0.001"


def _plain(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}".removesuffix(".000")
