"""Pages that nobody wrote a reader for: histories found by their shape, or nothing."""
