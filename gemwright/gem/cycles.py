"""Energy from nothing: cycles that make ATP without any uptake."""

from gemwright.gem.flux import FluxModel


def energy_from_nothing(model: FluxModel, maintenance: str = "ATPM") -> float:
    """Largest ATP hydrolysis (mmol/gDW/h) with every uptake closed; 0 in a sound model.

    Parameters
    ----------
    model : FluxModel
        The loaded model.
    maintenance : str
        Its ATP hydrolysis reaction.

    Returns
    -------
    float
        NaN if the model has no such reaction.
    """
    if maintenance not in model:
        return float("nan")
    closed = {}
    for reaction, column in model.index.items():
        if reaction.startswith(("EX_", "sink_", "DM_")):
            closed[reaction] = (0.0, max(float(model.upper[column]), 0.0))
    with model.bounds({**closed, maintenance: (0.0, 1000.0)}):
        solution = model.optimise(maintenance)
    return max(solution.value, 0.0) if solution.optimal else 0.0
