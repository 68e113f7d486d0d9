"""Where data come from: the dataset registry, and the snapshot embedded in an installed package."""
