"""The five steps of a round, one per file; `agent.pipeline` alone knows their order."""
