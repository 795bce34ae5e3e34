"""The scenarios that are measured: always the same, so that figures stay comparable."""

SCENARIOS = (
    "behind_the_bus",
    "breakdown_crest",
    "cargo_fall",
    "deer_dusk_fog",
    "night_jaywalk",
    "red_light_cyclist",
    "snow_stop",
    "wet_cut_in",
)
