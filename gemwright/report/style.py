"""One look for all figures, and files that are the same bytes for the same data."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.text import Text

from gemwright.io.files import atomic_path

# Okabe and Ito's palette, distinguished by colour-blind readers, and a dark ninth colour
COLOURS = (
    *("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9"),
    *("#D55E00", "#F0E442", "#7F7F7F", "#332288"),
)

_MOST_TICKS = 200
PNG_DPI, SVG_DPI = 160, 72

GREY = COLOURS[7]

STYLE: Any = {
    "svg.hashsalt": "gemwright",
    "svg.fonttype": "path",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "legend.frameon": False,
    # names of users may hold dollar signs
    "text.parse_math": False,
    "figure.constrained_layout.use": True,
}


def new_figure(width: float, height: float) -> Figure:
    """Make an empty figure (inches) in the common style, without a display."""
    mpl.use("Agg")
    mpl.rcParams.update(STYLE)
    return Figure(figsize=(width, height), layout="constrained")


def as_mathematics(label: Text) -> None:
    """Let a label of ours be read as mathematics (``$K_M$``); those with users' names are not."""
    label.set_parse_math(True)


def save_figure(figure: Figure, svg: str | Path, png: str | Path) -> None:
    """Write a figure as SVG and PNG, atomically and without dates."""
    mpl.rcParams.update(STYLE)
    for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
        if axis.get_scale() == "log":
            # powers of ten are mathematics; ticks beyond those that are drawn do nothing
            for tick in [*axis.get_major_ticks(_MOST_TICKS), *axis.get_minor_ticks(_MOST_TICKS)]:
                as_mathematics(tick.label1)
                as_mathematics(tick.label2)
    with atomic_path(png) as temporary, _laid_out(figure, FigureCanvasAgg, PNG_DPI):
        figure.savefig(temporary, format="png", dpi=PNG_DPI, metadata={"Software": None})
    with atomic_path(svg) as temporary, _laid_out(figure, FigureCanvasSVG, SVG_DPI):
        figure.savefig(temporary, format="svg", metadata={"Date": None, "Creator": None})


@contextmanager
def _laid_out(figure: Figure, canvas: type[FigureCanvasBase], dpi: float) -> Iterator[None]:
    """Lay a figure out for a kind of file: left to Matplotlib, it would be drawn whole for that."""
    engine, before = figure.get_layout_engine(), figure.dpi
    if engine is None:
        yield
        return
    canvas(figure)
    figure.dpi = dpi
    engine.execute(figure)
    figure.set_layout_engine("none")
    figure.dpi = before
    try:
        yield
    finally:
        figure.set_layout_engine(engine)
