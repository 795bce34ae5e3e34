"""A small network that drives by a front camera: the worked example of an agent that learns."""
