"""The section ``downloads``."""

from typing import Annotated

from pydantic import Field

from gemwright.config.section import Listed, Natural, Positive, Section, Some, section


@section
class DownloadSettings(Section):
    """How the live sources are fetched.

    Attributes
    ----------
    folder
        Where fetched files are kept, in the layout of a mirror; shared between runs. ``null`` takes
        ``$GEMWRIGHT_CACHE/downloads``, without that variable ``.cache/downloads``; see "Caches".
        What is there is not fetched again: delete a file and its table in ``results/downloads`` to
        have its newest release.
    lock
        Table ``downloads.lock.tsv`` of an earlier run: every file has to be the same.
    agree_kegg_terms
        Whether you agree to KEGG's terms (https://www.kegg.jp/kegg/legal.html: academic use only).
        Nothing of KEGG is fetched otherwise.
    retries
        How often a failed request is repeated, with growing waits; ``Retry-After`` is respected.
    timeout
        Seconds after which a silent host counts as dead.
    bigg_models
        BiGG models to fetch as JSON; ``null`` takes all.
    bigg_sbml
        BiGG models to fetch as SBML; the JSON counts where there are both.
    strategies
        ``model&target`` of MetNetComp of which all deletion strategies are fetched, not only the
        maximal one.
    """

    folder: str | None = None
    lock: str | None = None
    agree_kegg_terms: bool = False
    retries: Natural = 5
    timeout: Positive = 60
    bigg_models: Some[str] | None = None
    bigg_sbml: Listed[str] = ()
    strategies: Listed[Annotated[str, Field(pattern=r"^[^&]+&[^&]+$")]] = ()
