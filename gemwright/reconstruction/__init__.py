"""From scores to a model: selection, mapping, draft, gap-filling, provenance, SBML."""
