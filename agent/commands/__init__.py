"""The commands, one file per kind; `agent.cli` is their entry."""
