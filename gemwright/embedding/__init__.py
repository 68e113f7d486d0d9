"""Vectors of enzymes and metabolites: encoders behind one protocol and a cached store."""
