"""The modes of transfer learning: what trains them and what tabulates them share only the names."""

TRANSFER, SCRATCH, UNTUNED = "transfer", "scratch", "untuned"
"""Modes: fine-tuned from another physiology, from new networks, or the other's generator as is."""
