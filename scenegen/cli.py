"""The command line, and the only module that imports Hydra.

``scenegen VERB [key=value …]``: Hydra composes ``conf/VERB.yaml`` with the overrides,
the verb's typed config checks the result, and a plain function does the work.
"""

from __future__ import annotations

import importlib
import logging
import os
import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scenegen import __version__
from scenegen.errors import InputError, ScenegenError, nearest
from scenegen.resources import resource_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from scenegen.pipeline.config_base import VerbConfig

INTERRUPTED = 130
"""Exit code of a run that the user stopped, as shells give it."""


@dataclass(frozen=True)
class Verb:
    """One entry of the command line: what it does and an example of its use."""

    summary: str
    example: str
    positional: tuple[str, ...] = ()
    """Keys that words without ``=`` stand for, in this order."""


VERBS: dict[str, Verb] = {
    "generate": Verb(
        "scenarios to a data set",
        "scenario=night_jaywalk num_scenes=8 seed=0 out=outputs/demo workers=2",
    ),
    "preview": Verb("a contact sheet of a scenario", "scenario=cargo_fall out=outputs/cargo.png"),
    "check": Verb(
        "parse a scenario, draw from it, report acceptance and coverage",
        "scenario=wet_cut_in samples=2000",
    ),
    "schema": Verb("the JSON Schema of scenario YAMLs, for editors", "> scenario.schema.json"),
    "list": Verb(
        "the scenario library, its mix-ins, the assets, or the lanes of a road",
        "what=lanes scenario=wet_cut_in",
    ),
    "verify": Verb("every consistency check over a data set", "dataset=outputs/demo"),
    "digest": Verb("one sha256 over all reproducible content", "dataset=outputs/demo"),
    "replay": Verb(
        "re-create one scene and compare its bytes",
        "dataset=outputs/demo scene=night_jaywalk-000000",
    ),
    "drive": Verb(
        "closed loop: an agent through scenarios, judged by criteria",
        "scenario=wet_cut_in agent=idm num_scenes=20 out=outputs/drive",
    ),
    "nightly": Verb(
        "keep a data set as its plan says: make what changed, publish it if its gates hold",
        "plan=small out=outputs/nightly workers=2 dry_run=true",
    ),
    "search": Verb(
        "how often an agent fails in a scenario, and on what",
        "scenario=wet_cut_in agent=idm method=cross_entropy budget=500 out=outputs/search",
    ),
    "export": Verb(
        "scenes in another format, such as OpenSCENARIO",
        "dataset=outputs/demo format=openscenario out=outputs/openscenario",
    ),
    "view": Verb(
        "look at a scene in the Rerun viewer: 3D, cameras, LiDAR, radar, labels over time",
        "dataset=outputs/demo scene=night_jaywalk-000000",
    ),
    "import-parameters": Verb(
        "parameters and distributions of an OpenSCENARIO file as a mix-in",
        "file=cut_in_distributions.xosc units=speed:m/s,gap:m out=cut_in_values.yaml",
    ),
    "report": Verb("a self-contained HTML page on a data set", "dataset=outputs/demo"),
    "audit": Verb(
        "counts by class, distance, light, weather and looks; gaps, and plans that close them",
        "dataset=outputs/demo out=outputs/demo_audit",
    ),
    "evaluate": Verb(
        "judge data sets against real pictures: fidelity, utility, gaps, privacy, bias",
        "dataset=outputs/night real=../shared/data/camvid adapter=camvid out=outputs/evaluation",
    ),
    "train-refiner": Verb(
        "train the model that makes rendered frames look real",
        "real=../shared/data/camvid adapter=camvid dataset=outputs/night out=outputs/refiner",
    ),
    "compare-refiners": Verb(
        "train all ways from renders to photographs and compare them",
        "real=../shared/data/camvid adapter=camvid dataset=outputs/night"
        " weights=outputs/refiner/best.safetensors out=outputs/refiners",
    ),
    "refine": Verb(
        "make rendered frames look real; labels stay as they are",
        "dataset=outputs/night weights=outputs/refiner/best.safetensors out=outputs/real_night",
    ),
    "assets": Verb(
        "list assets and licences, import packs of assets", "import standard", ("action", "pack")
    ),
    "doctor": Verb("what this machine can do", ""),
}

_TEXT_KEYS = (
    *("scenario", "dataset", "out", "scene", "plan", "real", "space", "mapping", "keep_if"),
    *("assets_dir", "furniture", "people", "init", "c2pa.cert", "c2pa.key"),
    *("weights", "methods", "refiner", "label_gate", "file", "units", "moments", "rejected"),
    *("filter", "target", "agent", "criteria", "suite", "against", "set", "draws_of"),
)
_NO_GROUPS = frozenset({("export", "sensors"), ("view", "sensors")})
"""Keys of verbs that Hydra would read as a choice of a folder in conf/: it knows no verbs."""


def main(argv: list[str] | None = None) -> None:
    """Run one verb and exit: 0 done, 1 the work failed, 2 the input is wrong."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        sys.exit(_run(arguments))
    except KeyboardInterrupt:
        print("interrupted; what was finished stays", file=sys.stderr)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # The reader of our output (`| head`) has gone: nobody is left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except ScenegenError as error:
        if os.environ.get("SCENEGEN_DEBUG"):
            raise
        print(f"scenegen: {error}", file=sys.stderr)
        sys.exit(error.exit_code)


def _run(arguments: list[str]) -> int:
    flags = {word for word in arguments if word.startswith("-")}
    words = [word for word in arguments if word not in {"-v", "--verbose"}]
    if "--version" in flags:
        print(f"scenegen {__version__}")
        return 0
    if not words or words[0] in {"-h", "--help", "help"}:
        print(_overview())
        return 0 if words else 2
    name, overrides = words[0], words[1:]
    if name not in VERBS:
        raise InputError(f"unknown verb {name!r}{nearest(name, VERBS)}; see scenegen --help")
    if flags & {"-h", "--help"}:
        print(_help(name))
        return 0
    logging.basicConfig(
        level=logging.DEBUG if flags & {"-v", "--verbose"} else logging.WARNING,
        format="%(levelname)s %(name)s: %(message)s",
    )
    run: Callable[[Any], int] = getattr(
        importlib.import_module("scenegen.verbs"), f"run_{name.replace('-', '_')}"
    )
    config_type = _config_type(name)
    overrides, plain = _apart(name, _named(VERBS[name], overrides))
    return _compose(name, overrides, lambda values: run(config_type.parse(values | plain)))


def _apart(name: str, words: list[str]) -> tuple[list[str], dict[str, str]]:
    """Return the words that Hydra may read, and the values of keys that it takes for groups."""
    plain = dict(word.split("=", 1) for word in words if (name, word.split("=")[0]) in _NO_GROUPS)
    return [word for word in words if (name, word.split("=")[0]) not in _NO_GROUPS], plain


def _named(verb: Verb, words: list[str]) -> list[str]:
    """Turn ``import standard --copyleft`` into ``action=import pack=standard copyleft=true``."""
    if not verb.positional:
        return words
    bare = [word for word in words if "=" not in word and not word.startswith("-")]
    keys = dict(zip(bare, verb.positional, strict=False))
    named = [f"{keys[word]}={word}" if word in keys else word for word in words]
    return [f"{word[2:]}=true" if word == "--copyleft" else word for word in named]


def _compose(name: str, overrides: list[str], task: Callable[[dict[str, Any]], int]) -> int:
    """Compose the verb's config with Hydra and call the task once, or once a sweep job."""
    # Without this, Hydra prints what is wrong with the overrides by itself and exits with 1.
    os.environ["HYDRA_FULL_ERROR"] = "1"
    import hydra  # noqa: PLC0415 - a third of a second that `--help` need not spend
    from hydra.errors import HydraException  # noqa: PLC0415
    from omegaconf import OmegaConf  # noqa: PLC0415
    from omegaconf.errors import MissingMandatoryValue, OmegaConfBaseException  # noqa: PLC0415

    results: list[int] = []
    failures: list[BaseException] = []
    here = os.getpid()

    def job(config: Any) -> None:
        # Hydra prints about errors that leave a job, so they are carried past it.
        if failures:
            return
        try:
            values = OmegaConf.to_container(config, resolve=True, throw_on_missing=True)
            assert isinstance(values, dict)
            code = task({str(key): value for key, value in values.items()})
            if code and os.getpid() != here:
                raise ScenegenError(f"a job of the sweep ends with {code}; its own log says why")
            results.append(code)
        except BaseException as error:
            if os.getpid() != here:
                raise  # a launcher's process: what leaves it is all that reaches us
            failures.append(error)

    sweep = bool({"-m", "--multirun"} & set(overrides))
    words = _gathered_rules(overrides)
    arguments = words if sweep else [_quote(word) for word in words]
    folder = str(resource_folder("conf").resolve())
    previous, sys.argv = sys.argv, [f"scenegen {name}", *arguments]
    try:
        hydra.main(version_base="1.3", config_path=folder, config_name=name)(job)()
        if failures:
            raise failures[0]
    except MissingMandatoryValue as error:
        key = error.full_key or "?"
        example = f"scenegen {name} {VERBS[name].example}"
        raise InputError(f"{name} needs {key}=…; for example: {example}") from None
    except (HydraException, OmegaConfBaseException) as error:
        raise InputError(_explain(name, error)) from error
    finally:
        sys.argv = previous
    return max(results, default=0)


def _quote(word: str) -> str:
    """Quote text values, so that commas, blanks and brackets in them reach us unchanged."""
    key, equals, value = word.partition("=")
    if not equals or key not in _TEXT_KEYS or value[:1] in {"'", '"'} or not value:
        return word
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"{key}='{escaped}'"


def _gathered_rules(words: list[str]) -> list[str]:
    """Turn ``gate.kid<=0.05 gate.miou>=0.3``, which Hydra can't read, into one ``gate=[…]``."""
    rules = [word.removeprefix("gate.") for word in words if re.match(r"gate\.[^=]*[<>]", word)]
    if not rules:
        return words
    rest = [word for word in words if not re.match(r"gate\.[^=]*[<>]", word)]
    return [*rest, "gate=[" + ",".join(f"'{rule}'" for rule in rules) + "]"]


def _explain(name: str, error: Exception) -> str:
    """Turn Hydra's message into one line that says what would be right."""
    text = str(error)
    unknown = re.match(r"Could not override '([^']+)'", text)
    if unknown:
        fields = _known_keys(name)
        key = unknown.group(1)
        return f"{name} has no key {key!r}{nearest(key, fields)}; see scenegen {name} --help"
    group = re.match(r"In '[^']+': Could not find '(?:.*/)?([^/']+)/([^/']+)'", text)
    if group:
        options = [path.stem for path in (resource_folder("conf") / group.group(1)).glob("*.yaml")]
        return (
            f"{group.group(1)}={group.group(2)}: no such choice{nearest(group.group(2), options)}"
        )
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return f"{name}: {' '.join(lines[:2])}"


def _config_type(name: str) -> type[VerbConfig]:
    from scenegen.pipeline.config import CONFIGS  # noqa: PLC0415 - pydantic takes its time

    return CONFIGS[name]


def _known_keys(name: str) -> dict[str, str]:
    from scenegen.pipeline.config_base import known_keys  # noqa: PLC0415

    return known_keys(_config_type(name))


def _default(name: str, key: str) -> str:
    *groups, inner = key.split(".")
    config: Any = _config_type(name)
    for group in groups:
        config = config.model_fields[group].annotation
    field = config.model_fields[inner]
    return "needed" if field.is_required() else f"default {field.default}"


def _overview() -> str:
    width = max(map(len, VERBS)) + 2
    rows = [f"  {name:<{width}}{verb.summary}" for name, verb in VERBS.items()]
    return "\n".join(
        [
            "scenegen: scenario YAMLs to verified data sets",
            "",
            "usage: scenegen VERB [key=value …] [-m] [-v]",
            "",
            *rows,
            "",
            "scenegen VERB --help lists a verb's keys. -m sweeps over comma lists (Hydra);",
            "-v shows debug logs; SCENEGEN_DEBUG=1 shows tracebacks.",
        ]
    )


def _help(name: str) -> str:
    verb = VERBS[name]
    lines = [f"scenegen {name}: {verb.summary}", ""]
    keys = _known_keys(name)
    width = max([12, *map(len, keys)]) + 2
    for key, description in keys.items():
        lines.append(f"  {key + '=':<{width}}{description} ({_default(name, key)})")
    lines += ["", f"example: scenegen {name} {verb.example}".rstrip()]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
