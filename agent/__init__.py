"""What orderwatch knows and what it decides."""
