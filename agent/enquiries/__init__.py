"""Asking the carrier: when a search or claim is open, whom to ask, and what to write."""
