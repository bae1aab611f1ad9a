"""Policies tried on a shop's own history before they may act. READ `replay.py` FIRST."""
