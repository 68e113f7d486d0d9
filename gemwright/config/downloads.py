"""The section ``downloads``."""

from typing import Annotated

from pydantic import Field

from gemwright.config.section import Listed, Natural, Positive, Section, Some


class DownloadSettings(Section):
    """How the live sources are fetched."""

    #: Where fetched files are kept, in the layout of a mirror; shared between runs. ``null`` takes
    #: ``$GEMWRIGHT_CACHE/downloads``, without that variable ``.cache/downloads``; see "Caches".
    #: What is there is not fetched again: delete a file and its table in ``results/downloads`` to
    #: have its newest release.
    folder: str | None = None
    #: Table ``downloads.lock.tsv`` of an earlier run: every file has to be the same.
    lock: str | None = None
    #: Whether you agree to KEGG's terms (https://www.kegg.jp/kegg/legal.html: academic use only).
    #: Nothing of KEGG is fetched otherwise.
    agree_kegg_terms: bool = False
    #: How often a failed request is repeated, with growing waits; ``Retry-After`` is respected.
    retries: Natural = 5
    #: Seconds after which a silent host counts as dead.
    timeout: Positive = 60
    #: BiGG models to fetch as JSON; ``null`` takes all.
    bigg_models: Some[str] | None = None
    #: BiGG models to fetch as SBML; the JSON counts where there are both.
    bigg_sbml: Listed[str] = ()
    #: ``model&target`` of MetNetComp of which all deletion strategies are fetched, not only the
    #: maximal one.
    strategies: Listed[Annotated[str, Field(pattern=r"^[^&]+&[^&]+$")]] = ()
