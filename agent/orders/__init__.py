"""Orders: how events are tied to them and folded into them. Pure."""
