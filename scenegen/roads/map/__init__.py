"""Road maps as road networks: surfaces, lanes, paint, signals and heights of a `RoadMap`."""
