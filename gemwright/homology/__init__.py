"""Sequence homology through the field's programs: DIAMOND searches and CD-HIT clusters."""
