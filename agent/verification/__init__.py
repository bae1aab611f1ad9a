"""Step one of every case: is the parcel going, or gone, where the order says? Pure."""
