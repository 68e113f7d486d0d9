"""The genome-scale metabolic model: tables, rules, fluxes, files."""
