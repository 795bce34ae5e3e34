"""Closed loop: agents at the ego's controls, and what their driving is judged by.

`drive_episode` runs an agent through a scenario, `Episode` is the explicit stepping form below
it, and `DriveEnv` the same as a Gymnasium environment.
"""

from scenegen.drive.actions import Action, ActionError, Pedals, Target, Waypoints
from scenegen.drive.agents import Agent, AgentError, Briefing, named_agent
from scenegen.drive.criteria import CRITERIA
from scenegen.drive.episode import Episode
from scenegen.drive.record import EpisodeRecord, Impact
from scenegen.drive.run import Drive, drive_episode
from scenegen.drive.state import State
from scenegen.records.choices import COUNTED

__all__ = [
    "COUNTED",
    "CRITERIA",
    "Action",
    "ActionError",
    "Agent",
    "AgentError",
    "Briefing",
    "Drive",
    "Episode",
    "EpisodeRecord",
    "Impact",
    "Pedals",
    "State",
    "Target",
    "Waypoints",
    "drive_episode",
    "named_agent",
]
