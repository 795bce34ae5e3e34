"""Distributions of OpenSCENARIO files, drawn as they are meant."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from scenegen.errors import InputError
from scenegen.pipeline.config import ImportParametersConfig
from scenegen.pipeline.import_parameters import import_parameters
from scenegen.sample.candidates import draw_candidates
from scenegen.sample.points import UniformPoints
from scenegen.scenario import load_scenario
from scenegen.seeds import named_generator

HEAD = '<FileHeader revMajor="1" revMinor="2" date="2026-01-01T00:00:00" description="" author=""/>'
USING = """
scenario: using
description: A scenario that takes imported parameters in.
with: [./values.yaml]
duration: 1 s
road: {kind: straight, length: 100 m}
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 20 m}}
"""
UNIFORM = '<UniformDistribution><Range lowerLimit="8" upperLimit="14"/></UniformDistribution>'
N = 20_000


def stochastic(*distributions):
    return (
        f"<OpenSCENARIO>{HEAD}<ParameterValueDistribution><ScenarioFile filepath='own.xosc'/>"
        '<Stochastic numberOfTestRuns="50" randomSeed="1">'
        + "".join(f'<StochasticDistribution parameterName="{n}">{d}</StochasticDistribution>'
                  for n, d in distributions)
        + "</Stochastic></ParameterValueDistribution></OpenSCENARIO>"
    )  # fmt: skip


def deterministic(*distributions):
    return (
        f"<OpenSCENARIO>{HEAD}<ParameterValueDistribution><ScenarioFile filepath='own.xosc'/>"
        f"<Deterministic>{''.join(distributions)}</Deterministic></ParameterValueDistribution>"
        "</OpenSCENARIO>"
    )


def single(name, inner):
    return (
        f'<DeterministicSingleParameterDistribution parameterName="{name}">{inner}'
        "</DeterministicSingleParameterDistribution>"
    )


@pytest.fixture
def drawn(tmp_path):
    """Return a function that imports a file and draws from a scenario that takes it in."""

    def draw(text, scenario=None, **keys):
        (tmp_path / "given.xosc").write_text(text)
        if scenario is not None:
            (tmp_path / "own.xosc").write_text(scenario)
        out = tmp_path / "values.yaml"
        config = {"file": str(tmp_path / "given.xosc"), "out": str(out), **keys}
        result = import_parameters(ImportParametersConfig.parse(config))
        (tmp_path / "using.yaml").write_text(USING)
        logical = load_scenario(str(tmp_path / "using.yaml"))
        points = UniformPoints(named_generator("imported", 1), len(logical.parameters))
        candidates = draw_candidates(logical, points.take(N))
        columns = {n.removeprefix("values_"): c for n, c in candidates.columns.items()}
        return result.imported, SimpleNamespace(columns=columns, met=candidates.met)

    return draw


def fits(values, law):
    return stats.kstest(values, law.cdf).pvalue > 1e-3


def test_uniform_and_normal(drawn):
    text = stochastic(
        ("speed", UNIFORM),
        ("gap", '<NormalDistribution expectedValue="20" variance="9"/>'),
        (
            "Lead.Speed",
            '<NormalDistribution expectedValue="10" variance="4">'
            '<Range lowerLimit="9" upperLimit="20"/></NormalDistribution>',
        ),
    )  # fmt: skip
    imported, found = drawn(text, units="speed:m/s,gap:m")
    assert imported.parameters["values_speed"] == "{uniform: [8 m/s, 14 m/s]}"
    assert fits(found.columns["speed"], stats.uniform(8, 6))
    assert fits(found.columns["gap"], stats.norm(20, 3))
    assert fits(found.columns["Lead_Speed"], stats.truncnorm(-0.5, 5, 10, 2))
    assert imported.notes == ("The file asks for 50 test runs: num_scenes=50",)


@pytest.mark.parametrize("log_normal", ["logarithm", "value"])
def test_log_normal(drawn, log_normal):
    mean, variance = (1.2, 0.25) if log_normal == "logarithm" else (4.0, 2.0)
    inner = (
        f'<LogNormalDistribution expectedValue="{mean}" variance="{variance}">'
        '<Range lowerLimit="2" upperLimit="9"/></LogNormalDistribution>'
    )
    _, found = drawn(stochastic(("gap", inner)), units="gap:m", log_normal=log_normal)
    values = found.columns["gap"]
    if log_normal == "value":
        shape = np.log1p(variance / mean**2)
        mean, variance = np.log(mean) - shape / 2, shape
        assert stats.lognorm(np.sqrt(shape), scale=np.exp(mean)).stats() == (
            pytest.approx(4.0),
            pytest.approx(2.0),
        )
    law = stats.lognorm(np.sqrt(variance), scale=np.exp(mean))
    low, high = law.cdf(2), law.cdf(9)
    assert stats.kstest(values, lambda x: (law.cdf(x) - low) / (high - low)).pvalue > 1e-3
    assert values.min() >= 2
    assert values.max() <= 9


@pytest.mark.parametrize("units", ["", "cars:m"])
def test_poisson(drawn, units):
    inner = '<PoissonDistribution expectedValue="3.5"/>'
    _, found = drawn(stochastic(("cars", inner)), units=units)
    values, counts = np.unique(found.columns["cars"], return_counts=True)
    expected = N * stats.poisson(3.5).pmf(values)
    common = expected > 5
    assert (
        stats.chisquare(
            counts[common], expected[common] * counts[common].sum() / expected[common].sum()
        ).pvalue
        > 1e-3
    )


def test_poisson_within_a_range(drawn):
    inner = (
        '<PoissonDistribution expectedValue="3.5"><Range lowerLimit="2" upperLimit="4"/>'
        "</PoissonDistribution>"
    )
    _, found = drawn(stochastic(("cars", inner)))
    assert set(found.columns["cars"]) == {2, 3, 4}


def test_histogram(drawn):
    bins = [(0, 2, 1.0), (2, 3, 2.0), (5, 9, 1.0)]
    inner = "".join(
        f'<Bin weight="{w}"><Range lowerLimit="{a}" upperLimit="{b}"/></Bin>' for a, b, w in bins
    )
    _, found = drawn(stochastic(("gap", f"<Histogram>{inner}</Histogram>")), units="gap:m")
    edges = [0, 2, 3, 5, 9]
    law = stats.rv_histogram(([0.25, 0.5, 0.0, 0.25], edges), density=False)
    assert fits(found.columns["gap"], law)


def test_sets_with_weights(drawn):
    def elements(*pairs):
        inner = "".join(f'<Element value="{v}" weight="{w}"/>' for v, w in pairs)
        return f"<ProbabilityDistributionSet>{inner}</ProbabilityDistributionSet>"

    text = stochastic(
        ("car", elements(("sedan", 3), ("van", 1))),
        ("lanes", elements((2, 1), (3, 1))),
        ("speed", elements((10.5, 1), (12.5, 4))),
        ("wet", elements(("true", 1), ("false", 3))),
    )
    _, found = drawn(text, units="speed:m/s")
    shares = {
        "car": ("sedan", 0.75),
        "lanes": (3, 0.5),
        "speed": (12.5, 0.8),
        "wet": (True, 0.25),
    }
    for name, (value, share) in shares.items():
        assert np.mean(found.columns[name] == value) == pytest.approx(share, abs=0.015)


def test_deterministic_sets_and_ranges(drawn):
    speeds = "".join(f'<Element value="{v}"/>' for v in (8, 9.5, 12))
    steps = '<DistributionRange stepWidth="0.1"><Range lowerLimit="1" upperLimit="1.5"/></DistributionRange>'  # noqa: E501
    whole = '<DistributionRange stepWidth="2"><Range lowerLimit="3" upperLimit="8"/></DistributionRange>'  # noqa: E501
    text = deterministic(
        single("speed", f"<DistributionSet>{speeds}</DistributionSet>"),
        single("gap", steps),
        single("count", whole),
    )
    _, found = drawn(text, units="speed:m/s,gap:m")
    assert set(found.columns["speed"]) == {8, 9.5, 12}
    np.testing.assert_allclose(np.unique(found.columns["gap"]), [1, 1.1, 1.2, 1.3, 1.4, 1.5])
    assert set(found.columns["count"]) == {3, 5, 7}


def test_values_that_go_together(drawn):
    rows = [("sedan", 8.5, "true"), ("van", 7.0, "false"), ("bus", 6.0, "true")]
    inner = "".join(
        "<ParameterValueSet>"
        + "".join(
            f'<ParameterAssignment parameterRef="{n}" value="{v}"/>'
            for n, v in zip(("car", "speed", "wet"), row, strict=True)
        )
        + "</ParameterValueSet>"
        for row in rows
    )
    text = deterministic(
        "<DeterministicMultiParameterDistribution><ValueSetDistribution>"
        f"{inner}</ValueSetDistribution></DeterministicMultiParameterDistribution>"
    )
    _, found = drawn(text, units="speed:m/s")
    columns = (found.columns[name] for name in ("car", "speed", "wet"))
    seen = {(str(car), float(speed), bool(wet)) for car, speed, wet in zip(*columns, strict=True)}
    assert seen == {(car, speed, wet == "true") for car, speed, wet in rows}


SCENARIO = f"""<OpenSCENARIO>{HEAD}<ParameterDeclarations>
<ParameterDeclaration name="speed" parameterType="double" value="10">
  <ConstraintGroup>
    <ValueConstraint rule="greaterOrEqual" value="9"/><ValueConstraint rule="lessThan" value="12"/>
  </ConstraintGroup>
  <ConstraintGroup><ValueConstraint rule="equalTo" value="13.5"/></ConstraintGroup>
</ParameterDeclaration>
<ParameterDeclaration name="car" parameterType="string" value="my car"/>
<ParameterDeclaration name="wet" parameterType="boolean" value="true"/>
<ParameterDeclaration name="m" parameterType="int" value="4"/>
<ParameterDeclaration name="begins" parameterType="dateTime" value="2026-01-01T08:00:00"/>
</ParameterDeclarations></OpenSCENARIO>"""


def test_declarations(drawn):
    imported, found = drawn(SCENARIO, units="speed:m/s")
    row = {name: column[0] for name, column in found.columns.items()}
    assert row == {
        "speed": 10.0,
        "car": "my car",
        "wet": True,
        "m": 4.0,
        "begins": "2026-01-01T08:00:00",
    }
    assert imported.require == (
        "(values_speed >= 9 m/s and values_speed < 12 m/s) or (values_speed == 13.5 m/s)",
    )
    assert found.met.all()


def test_distributions_of_a_scenario_that_is_there(drawn):
    imported, found = drawn(stochastic(("speed", UNIFORM)), SCENARIO, units="speed:m/s")
    names = [name.removeprefix("values_") for name in imported.parameters]
    assert names == ["speed", "car", "wet", "m", "begins"]
    kept = found.columns["speed"][found.met[:, 0]]
    assert kept.min() >= 9
    assert kept.max() < 12
    assert np.mean(found.met[:, 0]) == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize(
    ("inner", "message"),
    [
        ("<Triangle/>", r"given\.xosc:1:\d+: unknown distribution <Triangle>"),
        ('<NormalDistribution expectedValue="3" variance="0"/>', "variance is above 0, not 0"),
        ('<PoissonDistribution expectedValue="x"/>', "finite number, not 'x'"),
        (
            '<UniformDistribution><Range lowerLimit="4" upperLimit="2"/></UniformDistribution>',
            "lowerLimit 4 is above upperLimit 2",
        ),
        ("<UniformDistribution/>", "has no <Range>"),
        (
            "<ProbabilityDistributionSet>"
            + "".join(f'<Element value="{k}.5" weight="1"/>' for k in range(50))
            + "</ProbabilityDistributionSet>",
            "among 50 values; at most 40",
        ),
    ],
)
def test_refused_at_its_place(drawn, inner, message):
    with pytest.raises(InputError, match=message):
        drawn(stochastic(("a", inner)))


def test_what_else_can_be_wrong(drawn, tmp_path):
    with pytest.raises(InputError, match=r"no parameter 'sped' \(did you mean"):
        drawn(SCENARIO, units="sped:m/s")
    with pytest.raises(InputError, match="is no 'name:unit'"):
        drawn(SCENARIO, units="speed:furlong")
    with pytest.raises(InputError, match="declares no parameters"):
        drawn(f"<OpenSCENARIO>{HEAD}</OpenSCENARIO>")
    with pytest.raises(InputError, match="worked out from other parameters"):
        drawn(SCENARIO.replace('value="4"', 'value="${$speed + 1}"'))
    with pytest.raises(InputError, match="document type"):
        drawn("<!DOCTYPE x [<!ENTITY a 'b'>]><OpenSCENARIO/>")
    with pytest.raises(InputError, match="can't be read"):
        import_parameters(
            ImportParametersConfig.parse({"file": str(tmp_path / "no"), "out": "x.yaml"})
        )


def test_a_user_defined_one_is_left_out_and_told(drawn):
    own = '<UserDefinedDistribution type="mine">x</UserDefinedDistribution>'
    imported, _ = drawn(stochastic(("a", UNIFORM), ("b", own)))
    assert list(imported.parameters) == ["values_a"]
    assert "b: a user-defined distribution (mine), left out" in imported.notes
