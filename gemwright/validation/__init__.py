"""Models against experiments: growth on single sources, gene essentiality, and a peer."""
