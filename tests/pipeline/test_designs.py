"""Designs in runs: counts, workers, resuming, and the page that tells what was covered."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from scenegen import api
from scenegen.errors import InputError, OutputError
from scenegen.pipeline.config import GenerateConfig
from scenegen.pipeline.generate import generate
from scenegen.pipeline.requested import requested

TINY = Path(__file__).parents[1] / "data" / "tiny.yaml"
PAIRS = {"kind": "pairwise", "levels": 2}


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    """Return a scenario of two frames in which three parameters vary."""
    text = TINY.read_text().replace("duration: 0.5 s", "duration: 0.2 s")
    text = text.replace("width: 160, height: 96", "width: 64, height: 48")
    text = text.replace("parameters:\n", "parameters:\n  wet: {categorical: [dry, wet]}\n")
    text = text.replace("sensors:", "weather: {wetness: \"where(wet == 'wet', 1, 0)\"}\nsensors:")
    path = tmp_path_factory.mktemp("designs") / "tiny.yaml"
    path.write_text(text)
    return str(path)


def config(scenario, out="unused", **keys):
    return GenerateConfig.parse({"scenario": scenario, "out": str(out), "quality": "fast", **keys})


def test_a_design_says_how_many_scenes_there_are(scenario):
    entry = requested(config(scenario, design=PAIRS)).entries[0]
    assert entry.num_scenes == 4
    assert requested(config(scenario, design=PAIRS, num_scenes=9)).entries[0].num_scenes == 9
    assert requested(config(scenario)).entries[0].num_scenes == 4
    cube = requested(config(scenario, design="latin_hypercube", num_scenes=7, first=2)).entries[0]
    assert cube.logical.design.size == 9


def test_runs_end_when_pairs_are_covered(scenario):
    plan = requested(config(scenario, design="sobol", num_scenes=60, until_coverage=0.6))
    count = plan.entries[0].num_scenes
    assert 4 < count < 60
    less = requested(config(scenario, design="sobol", num_scenes=60, until_coverage=0.4))
    assert less.entries[0].num_scenes < count
    with pytest.raises(InputError, match="needs num_scenes"):
        requested(config(scenario, until_coverage=0.6))


def test_a_plan_has_designs_of_its_own(scenario, tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_text(
        f"plan: p\ngenerate:\n  - {{scenario: {scenario}, name: spread, num_scenes: 6,\n"
        "     override: {design: latin_hypercube}}\n"
    )
    given = GenerateConfig.parse({"plan": str(path), "out": "unused"})
    assert requested(given).entries[0].logical.design.size == 6
    with pytest.raises(InputError, match="overrides 'design'"):
        requested(given.model_copy(update={"design": "sobol"}))


def test_bytes_do_not_depend_on_workers_or_on_resuming(scenario, tmp_path):
    one = generate(config(scenario, tmp_path / "one", design=PAIRS), io.StringIO())
    assert not one.failed
    several = tmp_path / "several"
    generate(config(scenario, several, design=PAIRS, num_scenes=2, first=2), io.StringIO())
    resumed = config(scenario, several, design=PAIRS, workers=2, resume=True)
    assert not generate(resumed, io.StringIO()).failed
    assert api.digest(str(several)) == api.digest(str(tmp_path / "one"))
    with pytest.raises(OutputError):
        generate(config(scenario, several, design="sobol", resume=True), io.StringIO())
    page = api.report(dataset=str(tmp_path / "one"), out=str(tmp_path / "r.html")).read_text()
    for words in ("combinations of 2 parameters", "centred L2 discrepancy", "illumination"):
        assert words in page
    assert "100.0 % (12 of 12" in page
    assert "36..39 km/h" in page
    assert "speed</figcaption>" not in page
    odd = page[page.index('id="odd"') : page.index("<h2>Labels")]
    tags = re.findall(r"<tr><td>([^<]+)</td><td>(\d+)</td>", odd)
    assert tags[0] == ("all scenes", "4")
    assert {count for _, count in tags[1:]} == {"4"}
    assert "2 of 4<br><small>never snow, ice</small>" in odd
