"""Where a human asks and decides: what the commands do, print and say."""
