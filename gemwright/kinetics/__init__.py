"""Kinetic models of metabolism: mechanisms, sampled parameters, eigenvalues and simulations."""
