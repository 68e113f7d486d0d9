"""How many records each step of a database's making kept, and why the rest went."""

import pandas as pd

COLUMNS = ["step", "unit", "records", "lost", "why"]


class Funnel:
    """Steps in order; a step's loss is counted from the step before with the same unit."""

    def __init__(self) -> None:
        self._rows: list[tuple[str, str, int, int, str]] = []

    def add(self, step: str, unit: str, records: int, why: str = "") -> None:
        """Add a step.

        Parameters
        ----------
        step : str
            What is left after it.
        unit : str
            What is counted: ``reactions``, ``proteins``, ``pairs`` ...
        records : int
            How many are left.
        why : str
            Why the others went.
        """
        before = next((row[2] for row in reversed(self._rows) if row[1] == unit), records)
        self._rows.append((step, unit, int(records), int(before) - int(records), why))

    def frame(self) -> pd.DataFrame:
        """Table of the steps: step, unit, records, lost, why."""
        return pd.DataFrame(self._rows, columns=COLUMNS)
