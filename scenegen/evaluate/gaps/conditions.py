"""Light and weather: what the real set has, and the overrides that give it to a scenario."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scenegen.evaluate.gaps.lacks import known
from scenegen.evaluate.gaps.profile import UNKNOWN, Profile
from scenegen.scenario import LogicalScenario

ATTRIBUTES = ("time_of_day", "weather")
LEAST_SHARE = 0.04
"""Rarer conditions are left to the others: they would get no scene anyway."""
MATCHING = 0.95
"""A scenario with this share of its pictures in a condition needs no override for it."""

_SUN: Mapping[str, Any] = {
    "day": {"uniform": ["10 deg", "60 deg"]},
    "dusk": {"uniform": ["-6 deg", "3 deg"]},
    "night": {"uniform": ["-35 deg", "-12 deg"]},
}
_WEATHER: Mapping[str, Mapping[str, Any]] = {
    "clear": {
        "weather.rain": "0 mm/h",
        "weather.wetness": {"uniform": [0, 0.2]},
        "weather.visibility": {"log_uniform": ["8 km", "40 km"]},
        "weather.cloud_cover": {"uniform": [0, 0.55]},
    },
    "cloudy": {
        "weather.rain": "0 mm/h",
        "weather.wetness": {"uniform": [0, 0.5]},
        "weather.visibility": {"log_uniform": ["5 km", "40 km"]},
        "weather.cloud_cover": {"uniform": [0.7, 1]},
    },
    "rain": {
        "weather.rain": {"log_uniform": ["1 mm/h", "15 mm/h"]},
        "weather.wetness": {"uniform": [0.7, 1]},
        "weather.visibility": {"log_uniform": ["1.5 km", "8 km"]},
        "weather.cloud_cover": {"uniform": [0.8, 1]},
    },
    "fog": {
        "weather.rain": "0 mm/h",
        "weather.wetness": {"uniform": [0.1, 0.6]},
        "weather.visibility": {"log_uniform": ["100 m", "800 m"]},
        "weather.cloud_cover": {"uniform": [0.6, 1]},
    },
    "snow": {
        "weather.rain": "0 mm/h",
        "weather.snow": {"log_uniform": ["0.2 mm/h", "4 mm/h"]},
        "weather.snow_depth": {"uniform": ["2 cm", "25 cm"]},
        "weather.road_snow": {"uniform": [0, 1]},
        "weather.visibility": {"log_uniform": ["300 m", "5 km"]},
        "weather.cloud_cover": {"uniform": [0.85, 1]},
    },
}
_NO_SNOW: Mapping[str, Any] = {
    "weather.snow": "0 mm/h",
    "weather.snow_depth": "0 m",
    "weather.road_snow": 0,
    "weather.ice": 0,
}


@dataclass(frozen=True)
class Condition:
    """A kind of picture that is wanted.

    Attributes
    ----------
    words : mapping
        Attribute to its word; attributes that the real set doesn't tell are absent.
    share : float
        Of the scenes to be added.
    """

    words: Mapping[str, str]
    share: float

    @property
    def label(self) -> str:
        """As part of a variant's name."""
        return "_".join(self.words.values())


def told_attributes(real: Profile, present: Profile) -> tuple[str, ...]:
    """Return the attributes that both sets tell of enough of their pictures."""
    return tuple(a for a in ATTRIBUTES if known(real, a) and known(present, a))


def wanted_conditions(
    real: Profile, present: Profile, factors: Mapping[tuple[str, str], float], added: float
) -> tuple[Condition, ...]:
    """Return what scenes should be added for the union to have the real set's light and weather.

    Parameters
    ----------
    factors : mapping
        By attribute and word, how much more it should count than it occurs, for what
        the model gets wrong more often.
    added : float
        Pictures to be added, as a share of the union.
    """
    told = told_attributes(real, present)
    target, have = _joint(real, told, factors), _joint(present, told, {})
    need = {words: max(0.0, t - (1 - added) * have.get(words, 0.0)) for words, t in target.items()}
    need = {words: n for words, n in need.items() if _possible(dict(zip(told, words, strict=True)))}
    if not any(need.values()):
        return (Condition({}, 1.0),)
    total = sum(need.values())
    kept = {words: n for words, n in need.items() if n >= LEAST_SHARE * total}
    total = sum(kept.values())
    order = sorted(kept, key=lambda words: (-kept[words], words))
    return tuple(
        Condition(dict(zip(told, words, strict=True)), kept[words] / total) for words in order
    )


def _joint(
    profile: Profile, told: tuple[str, ...], factors: Mapping[tuple[str, str], float]
) -> dict[tuple[str, ...], float]:
    """Return the shares of the combinations of words, over pictures of which all are known."""
    rows = list(zip(*(profile.words[name] for name in told), strict=True))
    counts = Counter(words for words in rows if UNKNOWN not in words)
    shares = {}
    for words, count in sorted(counts.items()):
        share = float(count)
        for pair in zip(told, words, strict=True):
            share *= factors.get(pair, 1.0)
        shares[words] = share
    total = sum(shares.values())
    return {words: share / total for words, share in shares.items()} if total else {}


def _possible(words: Mapping[str, str]) -> bool:
    """Whether there is a recipe for it."""
    return words.get("weather", "clear") in _WEATHER and words.get("time_of_day", "day") in _SUN


def impossible_words(real: Profile) -> tuple[str, ...]:
    """Return words of the real set that no scene can have."""
    words = {("weather", w) for w in real.words["weather"]}
    words |= {("time_of_day", w) for w in real.words["time_of_day"]}
    return tuple(sorted(w for a, w in words if w != UNKNOWN and not _possible({a: w})))


def overrides_for(
    condition: Condition, logical: LogicalScenario, usual: Mapping[str, Mapping[str, float]]
) -> dict[str, Any]:
    """Return values by path that bring a scenario into a condition.

    Parameters
    ----------
    usual : mapping
        By attribute, the share of the scenario's present pictures of each word; what is
        so anyway is not overridden.
    """
    values: dict[str, Any] = {}
    time = condition.words.get("time_of_day")
    if time is not None and usual.get("time_of_day", {}).get(time, 0.0) < MATCHING:
        dark = time != "day"
        values["light.sun_elevation"] = _SUN[time]
        values["light.headlights"] = dark
        if logical.light.street_lights is not None:
            values["light.street_lights"] = dark
    weather = condition.words.get("weather")
    if weather is not None and usual.get("weather", {}).get(weather, 0.0) < MATCHING:
        values |= _WEATHER[weather]
        if weather != "snow" and logical.weather.snow is not None:
            values |= _NO_SNOW
    return values
