"""Figure of what models are made of."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from gemwright.report.style import COLOURS, new_figure


def plot_models(reasons: pd.DataFrame) -> Figure:
    """Reactions of every model by the reason why they are in it."""
    wide = reasons.pivot_table(
        index=["organism", "method"], columns="reason", values="reactions", fill_value=0, sort=False
    )
    figure = new_figure(8, 0.9 + 0.38 * len(wide))
    axis = figure.subplots()
    start = np.zeros(len(wide))
    place = np.arange(len(wide))
    for reason, colour in zip(wide.columns, COLOURS * 2, strict=False):
        axis.barh(place, wide[reason], left=start, color=colour, label=reason)
        start += wide[reason].to_numpy()
    axis.set_yticks(place, [f"{organism}, {method}" for organism, method in wide.index])
    axis.invert_yaxis()
    axis.set(xlabel="reactions", title="Why each reaction is in the model")
    axis.legend(bbox_to_anchor=(1.01, 1), loc="upper left", fontsize=7)
    return figure
