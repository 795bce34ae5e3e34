"""Files of a simulated scene."""

SCENARIO, TRAJECTORY = "scenario.json", "trajectory.npz"
