"""A dossier for eBay: everything that is known of an order, for a human to hand in. Values in, text and HTML out."""
