"""What the cache of eQuilibrator adds to our table of structures."""

import pandas as pd
import pytest

from tools.list_cache_structures import METHOD, cache_structures, compared

KNOWN = pd.DataFrame(
    {
        "inchikey": ["", "WQZGKKKJIJFFOK-GASJEMHNSA-N", "AAAAAAAAAAAAAA-GASJEMHNSA-N", ""],
        "formula": ["C3H3O3", "", "", "C2H6O"],
    },
    index=["pyr", "glc__D", "g6p", "succ"],
)
SHIPPED = pd.DataFrame(
    [
        ("fum", "C", "A" * 14 + "-B-N", "opsin", "none", "x"),
        ("ac", "C", "QTBSBXVTEAMEQO-U-M", "", "", ""),
    ],
    columns=["bigg_id", "smiles", "inchikey", "method", "verified_by", "stereo"],
)


@pytest.fixture(scope="module")
def found():
    wanted = cache_structures().set_index("bigg_id").loc[[*KNOWN.index, "fum", "ac", "lac__L"]]
    return compared(SHIPPED, wanted.reset_index(), KNOWN)


def test_additions_tell_their_source_and_what_agrees(found):
    additions = found[0].set_index("bigg_id")
    assert additions["verified_by"].to_dict() == {
        "pyr": "heavy_formula",
        "glc__D": "inchikey_block1",
        "g6p": "differs",
        "succ": "differs",
    }
    assert set(additions["method"]) == {METHOD}
    assert additions.loc["pyr", "inchikey"].startswith("LCTONWCANYUPML")


def test_differences_of_skeleton_are_listed(found):
    assert list(found[1]["bigg_id"]) == ["fum"]
