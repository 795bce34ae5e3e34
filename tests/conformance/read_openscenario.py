"""Run by the checkers' Python: what scenariogeneration reads in a scenario, as JSON."""

import json
import sys

from scenariogeneration import xosc

scenario = xosc.ParseOpenScenario(sys.argv[1])
acts = [act for story in scenario.storyboard.stories for act in story.acts]
maneuvers = [m for act in acts for group in act.maneuvergroup for m in group.maneuvers]
json.dump(
    {
        "entities": [entity.name for entity in scenario.entities.scenario_objects],
        "maneuvers": [maneuver.name for maneuver in maneuvers],
        "events": sum(len(maneuver.events) for maneuver in maneuvers),
    },
    sys.stdout,
)
