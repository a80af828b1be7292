"""What a page shows → drawings, by matplotlib: each as SVG for the page, all as one PNG.

The SVG names no font and no fixed colour: text is text, and colours are variables of
the page, so that one drawing is readable in light, in dark and in print.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from textwrap import shorten
from typing import Any

from eval.metrics import Figure
from eval.report_svg import page_svg
from eval.report_views import LETTERS, Bars, Run, Section

WIDTH = 4.7  # inches of a drawing; at 72 points an inch it fills a phone
HEIGHT = 2.8
BAR = 0.19  # inches of one bar with its gap
LABEL = 24  # characters of a label beside a bar
DOTS = 150  # a PNG's dots an inch
MARKS = "osD^vP"  # runs are told apart by shape as well as by colour

Axes = Any  # matplotlib's types are known to it alone; it is imported late


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of a drawing; those of the runs are told apart by colour-blind eyes."""

    ink: str
    quiet: str
    line: str
    paper: str
    runs: tuple[str, ...]


# After Okabe and Ito, https://jfly.uni-koeln.de/color/, yellow darkened to be seen on white.
LIGHT = Palette(
    "#1f242a", "#63676b", "#d9d4c8", "#ffffff",
    ("#0072b2", "#d55e00", "#009e73", "#aa4a88", "#9a7400", "#3a3a3a"),
)  # fmt: skip
# Not colours but names: `page_svg` puts a variable of the page in the place of each.
NAMED = Palette(
    "#000001", "#000002", "#000003", "#000004",
    ("#0000a0", "#0000a1", "#0000a2", "#0000a3", "#0000a4", "#0000a5"),
)  # fmt: skip
VARIABLES = {
    NAMED.ink: "var(--ink)",
    NAMED.quiet: "var(--quiet)",
    NAMED.line: "var(--line)",
    NAMED.paper: "var(--card)",
    **{colour: f"var(--run-{place})" for place, colour in enumerate(NAMED.runs)},
}


@dataclass(frozen=True, slots=True)
class Drawing:
    """Something to be drawn: what it shows in a sentence, and how."""

    title: str
    told: str
    height: float  # inches
    draw: Callable[[Axes, Palette], None]
    keys: int = 0  # rows of its legend


def drawings(section: Section) -> tuple[Drawing, ...]:
    """Give the drawings of a suite, in the order of the page."""
    found: list[Drawing] = []
    if section.curves:
        found.append(_curves(section))
    if any(len(row) > 1 for row in section.seconds):
        found.append(_latency(section))
    found += [_bars(chart, section.runs) for chart in section.bars]
    return tuple(found)


def svg(drawing: Drawing, name: str) -> str:
    """Draw for the page; `name` tells its ids from those of other drawings."""
    from matplotlib.figure import Figure as Canvas

    with _style(NAMED, svg_salt=name):
        canvas = Canvas(figsize=(WIDTH, drawing.height), layout="constrained")
        canvas.patch.set_visible(False)
        drawing.draw(canvas.add_subplot(), NAMED)
        stream = io.BytesIO()
        canvas.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return page_svg(stream.getvalue(), name, drawing.title, drawing.told, VARIABLES)


def png(sections: Sequence[Section], path: Path) -> None:
    """Draw all suites into one PNG, a band each, two drawings side by side."""
    from matplotlib.figure import Figure as Canvas

    bands = [(section, drawings(section)) for section in sections]
    rows = [
        (section if first == 0 else None, drawn[first : first + 2])
        for section, drawn in bands
        for first in range(0, max(len(drawn), 1), 2)
    ]
    heights = [max((drawing.height for drawing in row), default=0.2) + 0.75 for _, row in rows]
    with _style(LIGHT):
        canvas = Canvas(
            figsize=(2 * WIDTH + 0.6, sum(heights)), facecolor=LIGHT.paper, layout="constrained"
        )
        canvas.get_layout_engine().set(w_pad=0.12, h_pad=0.1, wspace=0.06)  # type: ignore[union-attr]
        parts = canvas.subfigures(len(rows), 1, height_ratios=heights, squeeze=False)
        for part, (section, row) in zip(parts[:, 0], rows, strict=True):
            part.suptitle(
                _heading(section) if section else " ", x=0.012, ha="left", fontsize=12,
                fontweight="bold", color=LIGHT.ink,
            )  # fmt: skip
            axes = part.subplots(1, 2, squeeze=False)[0]
            for place, drawing in zip(axes, row, strict=False):
                drawing.draw(place, LIGHT)
                place.set_title(
                    drawing.title,
                    loc="left",
                    fontsize=10,
                    color=LIGHT.ink,
                    pad=6 + 15 * drawing.keys,
                )
            for place in axes[len(row) :]:
                place.set_axis_off()
        path.parent.mkdir(parents=True, exist_ok=True)
        canvas.savefig(path, format="png", dpi=DOTS, facecolor=LIGHT.paper)


def _heading(section: Section) -> str:
    told = (f"{run.when} UTC, {run.asked:,} {section.unit}" for run in section.runs)
    if len(section.runs) == 1:
        return f"{section.suite}   {next(told)}"
    return f"{section.suite}   " + "   ".join(map("{}: {}".format, LETTERS, told))


def _curves(section: Section) -> Drawing:
    """Draw recall, or hits, against the number of paragraphs looked at."""
    retrieval = section.sort == "retrieval"
    columns = 3 if len(section.runs) > 2 else 2
    keys = -(-len(section.curves) // columns)

    def draw(axes: Axes, colours: Palette) -> None:
        low = 1.0
        for curve in section.curves:
            colour, mark = colours.runs[curve.run], MARKS[curve.run]
            depths = [k for k, _ in curve.points]
            values = [found.value for _, found in curve.points]
            bands = [(_low(found), _high(found)) for _, found in curve.points]
            low = min(low, *(ends[0] for ends in bands))
            axes.fill_between(depths, *zip(*bands, strict=True), color=colour, alpha=0.12, lw=0)
            name = (
                curve.name
                if len(section.runs) == 1
                else f"{_letter(section, curve.run)} {curve.name}"
            )
            axes.plot(
                depths, values, color=colour, label=name, marker=mark, ms=4, lw=1.8,
                ls=(0, (4, 2)) if curve.broken else "-", mfc=colours.paper if curve.broken else colour,
            )  # fmt: skip
        ticks = [k for k, _ in section.curves[0].points]
        if retrieval:
            axes.set_xscale("log")
        axes.set_xticks(ticks, [str(k) for k in ticks])
        axes.minorticks_off()
        axes.set_ylim(max(0.0, low - 0.06), 1.015)
        axes.set_xlabel(
            "k, the number of passages looked at"
            if retrieval
            else "k, the number of paragraphs looked at"
        )
        axes.grid(axis="y")
        _legend(axes, colours, columns)

    if retrieval:
        told = "Share of the gold passages among the first k, with 95 % intervals."
        return Drawing("Recall at k", told, HEIGHT + 0.2 * keys, draw, keys)
    told = "Share of questions with a gold paragraph among the first k, with 95 % intervals."
    return Drawing("A gold paragraph among the first k", told, HEIGHT + 0.2 * keys, draw, keys)


def _latency(section: Section) -> Drawing:
    """Draw how long the questions took, with median and 95th percentile."""

    def draw(axes: Axes, colours: Palette) -> None:
        import numpy as np
        from matplotlib.ticker import MaxNLocator, PercentFormatter

        rows = [np.asarray(row, dtype=float) for row in section.seconds]
        # In milliseconds where that reads better; the slowest hundredth is drawn in the last bar.
        scale, unit = (1000.0, "ms") if max(np.median(r) for r in rows) < 0.5 else (1.0, "s")
        end = max(float(np.quantile(row, 0.99)) for row in rows) * scale * 1.05 or 1.0
        edges = np.linspace(0, end, 31)
        for place, row in enumerate(rows):
            colour = colours.runs[place]
            values = np.minimum(row * scale, end)
            axes.hist(
                values, edges, weights=np.full(len(row), 1 / len(row)), color=colour,
                alpha=0.75 if len(rows) == 1 else 0.28, histtype="stepfilled", lw=0,
            )  # fmt: skip
            if len(rows) > 1:
                axes.hist(
                    values, edges, weights=np.full(len(row), 1 / len(row)), color=colour,
                    histtype="step", lw=1.6,
                )  # fmt: skip
            for quantile, style in ((0.5, "-"), (0.95, (0, (4, 2)))):
                at = float(np.quantile(row, quantile)) * scale
                name = f"p{quantile * 100:.0f} {at:.3g} {unit}"
                prefix = "" if len(rows) == 1 else f"{_letter(section, place)} "
                line = colours.ink if len(rows) == 1 else colour
                axes.axvline(at, color=line, ls=style, lw=1.5, label=prefix + name)
        axes.set_xlim(0, end)
        axes.set_xlabel("milliseconds" if unit == "ms" else "seconds")
        axes.set_ylabel("share of questions")
        axes.yaxis.set_major_locator(MaxNLocator(5, integer=False, steps=[1, 2, 5, 10]))
        axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        axes.grid(axis="y")
        _legend(axes, colours, 2)

    told = "How long the questions took, with median (p50) and 95th percentile (p95)."
    keys = len(section.seconds)
    return Drawing("Time a question", told, HEIGHT + 0.2 * keys, draw, keys)


def _bars(chart: Bars, runs: Sequence[Run]) -> Drawing:
    """Draw one bar a group and run, each with its interval."""

    def draw(axes: Axes, colours: Palette) -> None:
        thick = 0.8 / len(runs)
        for place in range(len(runs)):
            for row, (_, _, cells) in enumerate(chart.groups):
                found = cells[place]
                if found is None:
                    continue
                at = row - 0.4 + thick * (place + 0.5)
                axes.barh(at, found.value, thick * 0.86, color=colours.runs[place], lw=0)
                if found.low is not None and found.high is not None:
                    # In a halo of paper, to be seen on the bar and beside it.
                    for colour, width in ((colours.paper, 3.2), (colours.ink, 1.3)):
                        axes.plot(
                            (found.low, found.high), (at, at), color=colour, lw=width,
                            solid_capstyle="butt",
                        )  # fmt: skip
                axes.text(
                    1.025, at, f"{found.value:.2f}", va="center_baseline", color=colours.quiet,
                    fontsize=8,
                )  # fmt: skip
        axes.set_yticks(
            range(len(chart.groups)),
            [
                f"{shorten(name, LABEL, placeholder='…') or name[:LABEL]}  {n}"
                for name, n, _ in chart.groups
            ],
        )
        axes.set_ylim(len(chart.groups) - 0.45, -0.55)
        axes.set_xlim(0, 1)
        axes.set_xticks((0, 0.25, 0.5, 0.75, 1), ("0", "0.25", "0.5", "0.75", "1"))
        axes.tick_params(axis="y", length=0, labelcolor=colours.ink)
        axes.spines["left"].set_visible(False)
        axes.grid(axis="x")
        if len(runs) > 1:
            for place, run in enumerate(runs):
                axes.barh(0, 0, color=colours.runs[place], label=run.letter)
            _legend(axes, colours, len(runs))

    told = "With the number of items of each, and 95 % intervals."
    if chart.left_out:
        told += f" {chart.left_out} more that are no worse are left out."
    height = 0.75 + len(chart.groups) * max(0.27, BAR * len(runs) + 0.08)
    return Drawing(chart.title, told, max(height, 1.6), draw, int(len(runs) > 1))


def _letter(section: Section, place: int) -> str:
    return section.runs[place].letter


def _low(found: Figure) -> float:
    return found.value if found.low is None else found.low


def _high(found: Figure) -> float:
    return found.value if found.high is None else found.high


def _legend(axes: Axes, colours: Palette, columns: int) -> None:
    axes.legend(
        loc="lower left", bbox_to_anchor=(0, 1.0), ncols=columns, frameon=False, borderaxespad=0,
        handlelength=2.2, columnspacing=1.2, labelcolor=colours.ink, borderpad=0.2,
    )  # fmt: skip


@contextmanager
def _style(colours: Palette, svg_salt: str = "page") -> Generator[None]:
    """Draw in these colours; no mathematics in labels, whatever signs they have."""
    import matplotlib as mpl

    settings: dict[Any, Any] = {
        "svg.fonttype": "none",
        "svg.hashsalt": svg_salt,
        "text.parse_math": False,
        "font.size": 9,
        "axes.edgecolor": colours.line,
        "axes.labelcolor": colours.quiet,
        "axes.axisbelow": True,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.facecolor": "none",
        "grid.color": colours.line,
        "grid.linewidth": 0.7,
        "xtick.color": colours.line,
        "ytick.color": colours.line,
        "xtick.labelcolor": colours.quiet,
        "ytick.labelcolor": colours.quiet,
        "text.color": colours.ink,
    }
    with mpl.rc_context(settings), warnings.catch_warnings():
        # A sign that the font lacks is drawn by the reader's own font in SVG.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield
