"""When to look at a parcel next, why, and whom to ask. Pure; the round (`agent.steps.look`) does it."""
