"""How a page is fetched: the one gate, and Chromium behind it."""
