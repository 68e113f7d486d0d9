"""What the parsers of all sources give."""

import pandas as pd


class ParsedTables:
    """Base of the dataclasses that hold a source as tables: every attribute is one."""

    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables by name, in the order of the attributes; ``findings`` is among them."""
        return dict(vars(self))
