"""Who drives the ego: built-in agents, and adapters to those of others."""

from scenegen.drive.agents.named import AGENTS, named_agent
from scenegen.drive.agents.protocol import Agent, AgentError, Briefing

__all__ = ["AGENTS", "Agent", "AgentError", "Briefing", "named_agent"]
