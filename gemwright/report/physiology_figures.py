"""Flux maps: where the carbon goes, with oxygen beside without."""

from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch

from gemwright.physiology.flux_map import STATES, map_metabolites
from gemwright.report.style import COLOURS, GREY, new_figure

_COLOURS = {
    "glycolysis": COLOURS[0],
    "pentose phosphates": COLOURS[3],
    "Entner-Doudoroff": COLOURS[1],
    "citric acid cycle": COLOURS[2],
    "overflow": COLOURS[5],
}
_TITLES = dict(zip(STATES, ("with oxygen", "without oxygen"), strict=True))
_GROWTH = dict(zip(STATES, ("growth", "growth_anaerobic"), strict=True))
# 1/h, and mmol/gDW/h; less counts as none
_GROWS = 0.005
_RUNS = 0.05
_WIDEST = 4.5
# of numbers beside their arrows, in units of the map
_ASIDE = 0.3


def plot_flux_map(fluxes: pd.DataFrame, rows: pd.DataFrame, name: str) -> Figure:
    """Draw the core metabolism of a model, with oxygen and without.

    Parameters
    ----------
    fluxes : pandas.DataFrame
        As of `gemwright.physiology.flux_map.flux_map`, with the medium.
    rows : pandas.DataFrame
        ``rows`` of `gemwright.physiology.measure.Physiology`, for the growth on it.
    name : str
        The organism's.
    """
    medium = str(fluxes["medium"].iloc[0])
    growth = rows.set_index("medium").loc[medium]
    figure = new_figure(11, 8.6)
    axes = figure.subplots(1, len(STATES))
    most = float(fluxes[list(STATES)].abs().to_numpy().max(initial=0.0)) or 1.0
    for axis, state in zip(axes, STATES, strict=True):
        rate = float(growth[_GROWTH[state]])
        told = f"growth {rate:.2f} /h" if rate >= _GROWS else "no growth"
        axis.set(title=f"{_TITLES[state]}: {told}", xlim=(-2.0, 8.2), ylim=(16.4, -1.4))
        axis.axis("off")
        _draw(axis, fluxes, state, most)
    for pathway, colour in _COLOURS.items():
        axes[0].plot([], [], color=colour, linewidth=3, label=pathway)
    axes[0].plot([], [], color=GREY, linewidth=0.6, label="does not run")
    axes[0].legend(loc="lower left", fontsize=7)
    figure.suptitle(f"{name} on {medium}: fluxes (mmol/gDW/h)")
    return figure


def _draw(axis: Any, fluxes: pd.DataFrame, state: str, most: float) -> None:
    nodes = map_metabolites()
    place = {
        str(name): (float(x), float(y))
        for name, x, y in zip(nodes["metabolite"], nodes["x"], nodes["y"], strict=True)
    }
    for step in fluxes.to_dict("records"):
        flux = float(step[state])
        ends = (step["from"], step["to"]) if flux >= 0 else (step["to"], step["from"])
        points = [place[name] for name in ends]
        bend = float(step["bend"]) if flux >= 0 else -float(step["bend"])
        runs = abs(flux) > _RUNS
        axis.add_patch(
            FancyArrowPatch(
                *points,
                arrowstyle="-|>" if runs else "-",
                connectionstyle=f"arc3,rad={bend}",
                mutation_scale=7 + 4 * abs(flux) / most,
                linewidth=1 + _WIDEST * abs(flux) / most if runs else 0.6,
                color=_COLOURS[step["pathway"]] if runs else GREY,
                alpha=0.8 if runs else 0.4,
                shrinkA=9,
                shrinkB=9,
                zorder=1,
            )
        )
        if runs:
            (x0, y0), (x1, y1) = points
            length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
            aside = _ASIDE / length if length else 0.0
            # on the right of a vertical arrow, whichever way it points
            turn = aside if y1 >= y0 else -aside
            # the middle of a bent line lies off by half of its bend
            turn -= bend / 2
            x, y = (x0 + x1) / 2 + turn * (y1 - y0), (y0 + y1) / 2 - turn * (x1 - x0)
            axis.text(x, y, f"{abs(flux):.1f}", fontsize=6.5, ha="center", va="center")
    for name, label in zip(nodes["metabolite"], nodes["label"], strict=True):
        axis.text(
            *place[name], label, ha="center", va="center", zorder=2,
            fontsize=6.5, color=GREY if label == "out" else "black",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.85},
        )  # fmt: skip
