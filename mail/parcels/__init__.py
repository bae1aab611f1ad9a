"""What a carrier's mail says of its parcels."""
