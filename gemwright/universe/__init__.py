"""Universes: curated ones, extended, and sealed so that they charge nothing from nothing."""
