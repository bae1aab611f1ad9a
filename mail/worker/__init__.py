"""The processes in which strangers' mail is read."""
