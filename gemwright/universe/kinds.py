"""Kinds of organisms whose biomass is known."""

from gemwright.sources.bigg_snapshot import UNIVERSES

#: Kinds of biomass: that of each curated universe, and of bacteria without a cell wall.
KINDS = (*UNIVERSES, "wall_less")
