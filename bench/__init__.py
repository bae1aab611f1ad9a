"""Figures, each beside its limit or a peer of the same run: machines differ, ratios less."""
