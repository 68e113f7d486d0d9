"""The table of findings: what is not as it should be in a real file, counted, never dropped."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd


class Findings:
    """Counts what a parser found amiss and what it did about it.

    What was looked for and not found stands in the table with count 0, so that a reader can
    distinguish it from what nobody looked for.

    Examples
    --------
    >>> findings = Findings()
    >>> findings.add("duplicate accessions", 2, "merged")
    >>> findings.add("duplicate accessions", 1, "merged")
    >>> findings.frame().values.tolist()
    [['duplicate accessions', 3, 'merged']]
    """

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], int] = {}

    def add(self, item: str, count: npt.ArrayLike, treatment: str) -> None:
        """Add to the count of one finding.

        Parameters
        ----------
        item : str
            What was found.
        count : int, or array of bool
            How often, or where; 0 lists it as looked for and absent. The same item and treatment
            twice add up.
        treatment : str
            What was done with it.

        Raises
        ------
        ValueError
            If `count` is negative.
        """
        number = int(np.sum(count))
        if number < 0:
            raise ValueError(f"{item}: a count cannot be negative ({number})")
        key = (item, treatment)
        self._counts[key] = self._counts.get(key, 0) + number

    def extend(self, frames: Iterable[pd.DataFrame]) -> None:
        """Add the rows of other tables of findings."""
        for frame in frames:
            for item, count, treatment in zip(
                frame["item"], frame["count"], frame["treatment"], strict=True
            ):
                self.add(item, count, treatment)

    def frame(self) -> pd.DataFrame:
        """Return the table: item (str), count (int64), treatment (str), in order of entry."""
        return pd.DataFrame(
            {
                "item": pd.Series([item for item, _ in self._counts], dtype=object),
                "count": pd.Series(list(self._counts.values()), dtype="int64"),
                "treatment": pd.Series([how for _, how in self._counts], dtype=object),
            }
        )
