"""What editors offer to write where a construct may begin."""

from __future__ import annotations

from typing import Any

Snippets = list[dict[str, Any]]


def _snippet(label: str, description: str, body: Any) -> dict[str, Any]:
    return {"label": label, "description": description, "body": body}


DISTRIBUTION: Snippets = [
    _snippet("uniform", "Anything between two values", {"uniform": ["${1:low}", "${2:high}"]}),
    _snippet(
        "truncated_normal",
        "A Gaussian within limits",
        {
            "truncated_normal": {
                "mean": "${1:mean}",
                "sd": "${2:sd}",
                "low": "${3:low}",
                "high": "${4:high}",
            }
        },
    ),
    _snippet("categorical", "Texts with weights", {"categorical": {"${1:text}": 1}}),
    _snippet(
        "uniform with nominal",
        "The critical part is drawn, and weighed by what happens in the real world",
        {
            "uniform": ["${1:low}", "${2:high}"],
            "nominal": {"uniform": ["${3:low}", "${4:high}"]},
        },
    ),
]
ACTOR: Snippets = [
    _snippet(
        "vehicle in a lane",
        "It follows its lane",
        {
            "${1:name}": {
                "asset": "${2:vehicle.sedan}",
                "place": {"lane": "${3:forward_0}", "s": "${4:60 m}"},
                "speed": "${5:40 km/h}",
            }
        },
    ),
    _snippet(
        "vehicle ahead",
        "It drives ahead of the ego",
        {
            "${1:name}": {
                "asset": "${2:vehicle.sedan}",
                "place": {"ahead_of": "ego", "gap": "${3:20 m}"},
                "speed": "${4:40 km/h}",
            }
        },
    ),
    _snippet(
        "pedestrian who crosses",
        "They start when the ego is so near in time",
        {
            "${1:name}": {
                "asset": "${2:person.adult}",
                "place": {"lane": "sidewalk_right", "s": "${3:80 m}", "heading": "across"},
                "behaviour": [
                    {"when": {"gap": "${4:2 s}", "to": "ego"}, "do": "cross", "speed": "1.4 m/s"}
                ],
            }
        },
    ),
]
BEHAVIOUR: Snippets = [
    _snippet("follow_lane", "Drive along the lane", {"do": "follow_lane", "speed": "${1:40 km/h}"}),
    _snippet(
        "hard_brake",
        "Brake after a time",
        {"when": {"time": "${1:2 s}"}, "do": "hard_brake", "deceleration": "${2:7 m/s^2}"},
    ),
    _snippet(
        "cut_in",
        "Change the lane when the ego is near",
        {
            "when": {"distance": "${1:20 m}", "to": "ego"},
            "do": "cut_in",
            "lane": "${2:forward_0}",
            "over": "${3:2 s}",
        },
    ),
    _snippet("cross", "Walk across", {"do": "cross", "speed": "${1:1.4 m/s}"}),
]
REQUIRE: Snippets = [
    _snippet("soft constraint", "Holds with a probability", {"that": "$1", "probability": "80 %"})
]
SENSOR: Snippets = [
    _snippet("camera", "A pinhole camera", {"${1:front}": {"hfov": "${2:70 deg}"}}),
    _snippet("lidar", "A spinning LiDAR", {"${1:roof}": {"kind": "lidar", "channels": "${2:32}"}}),
    _snippet("radar", "A radar ahead", {"${1:ahead}": {"kind": "radar"}}),
]
DOCUMENT: Snippets = [
    _snippet(
        "scenario",
        "A new scenario",
        {
            "scenario": "${1:name}",
            "description": "${2:What happens.}",
            "odd": ["${3:urban}"],
            "duration": "${4:6 s}",
            "road": {"kind": "${5:straight}", "length": "${6:300 m}"},
            "ego": {
                "asset": "vehicle.sedan",
                "place": {"lane": "forward_0", "s": "${7:40 m}"},
                "speed": "${8:50 km/h}",
            },
        },
    ),
    _snippet(
        "variant",
        "A variant of another scenario, in some conditions",
        {"scenario": "${1:name}", "extends": "${2:night_jaywalk}", "with": ["${3:rain_heavy}"]},
    ),
    _snippet(
        "mix-in",
        "A condition for any scenario",
        {"mixin": "${1:name}", "description": "${2:What it is.}", "odd": ["${3:tag}"]},
    ),
]
