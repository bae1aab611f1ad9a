"""Bytes to a `Message`: MIME, HTML, addresses, links, markup. Knows nothing of eBay."""
