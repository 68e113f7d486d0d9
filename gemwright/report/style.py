"""One look for all figures, and files that are the same bytes for the same data."""

from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from gemwright.io.files import atomic_path

# Okabe and Ito's palette, distinguished by colour-blind readers, and a dark ninth colour
COLOURS = (
    *("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9"),
    *("#D55E00", "#F0E442", "#7F7F7F", "#332288"),
)

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
    "figure.constrained_layout.use": True,
}


def new_figure(width: float, height: float) -> Figure:
    """Make an empty figure (inches) in the common style, without a display."""
    mpl.use("Agg")
    mpl.rcParams.update(STYLE)
    return Figure(figsize=(width, height), layout="constrained")


def save_figure(figure: Figure, svg: str | Path, png: str | Path) -> None:
    """Write a figure as SVG and PNG, atomically and without dates."""
    mpl.rcParams.update(STYLE)
    with atomic_path(png) as temporary:
        figure.savefig(temporary, format="png", dpi=160, metadata={"Software": None})
    with atomic_path(svg) as temporary:
        figure.savefig(temporary, format="svg", metadata={"Date": None, "Creator": None})
