"""Standard Gibbs energies of reactions, offline, and the driving forces of flux states."""
