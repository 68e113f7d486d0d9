"""Tables and figures for people: ours beside the controls, the peer and the paper."""
