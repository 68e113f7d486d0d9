"""Linear programs given to HiGHS, so that their results repeat."""

from typing import Any

import numpy as np

from gemwright.arrays import FloatArray
from gemwright.errors import InputError


def quiet_highs() -> Any:
    """Make a silent HiGHS instance whose results repeat: one thread, fixed seed."""
    import highspy

    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("random_seed", 1)
    return solver


def load(solver: Any, program: Any) -> None:
    """Give a program to HiGHS, which goes on with an empty one where it refuses it.

    Raises
    ------
    InputError
        If a coefficient or a bound is no number, or too large for one.
    """
    import highspy

    numbers = (program.a_matrix_.value_, program.col_lower_, program.col_upper_)
    # some that are none it takes for zero
    none = any(np.isnan(np.asarray(values)).any() for values in numbers)
    if none or solver.passModel(program) == highspy.HighsStatus.kError:
        raise InputError(
            "the linear program of the model",
            "is refused by the solver HiGHS: a coefficient or a bound is no number",
            "check the model's stoichiometry and bounds",
        )


def steady_state_program(
    matrix: Any, lower: FloatArray, upper: FloatArray, *, maximise: bool = False
) -> Any:
    """Load the fluxes that change no species into a solver, without an objective.

    Parameters
    ----------
    matrix : scipy.sparse.csc_array, shape (n_species, n_reactions)
        Stoichiometry; its indices are sorted in place.
    lower, upper : numpy.ndarray of float, shape (n_reactions,)
        Bounds.
    maximise : bool
        Sense of the objective that will be set.

    Raises
    ------
    InputError
        As `load`.
    """
    import highspy

    matrix.sort_indices()
    program = highspy.HighsLp()
    program.num_row_, program.num_col_ = matrix.shape
    program.col_cost_ = np.zeros(matrix.shape[1])
    program.col_lower_, program.col_upper_ = lower, upper
    program.row_lower_ = program.row_upper_ = np.zeros(matrix.shape[0])
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = matrix.indptr.astype(np.int32)
    program.a_matrix_.index_ = matrix.indices.astype(np.int32)
    program.a_matrix_.value_ = matrix.data
    if maximise:
        program.sense_ = highspy.ObjSense.kMaximize
    solver = quiet_highs()
    # growth near the threshold of 0.01 /h must not drown in the default tolerance
    solver.setOptionValue("primal_feasibility_tolerance", 1e-9)
    solver.setOptionValue("dual_feasibility_tolerance", 1e-9)
    # Devex: exact edge weights cost more to set up than these short re-solves take
    solver.setOptionValue("simplex_dual_edge_weight_strategy", 1)
    load(solver, program)
    return solver
