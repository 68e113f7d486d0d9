"""REKINDLE: generators of kinetic parameter sets, their controls and their validation."""
