"""Distributions of logged values: what is drawn, and what is told of files that don't serve."""

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq
import pytest
from scipy import stats

from scenegen.errors import ScenarioError
from scenegen.scenario import load_scenario
from scenegen.scenario.arguments import DistributionError, Reading
from scenegen.scenario.choices import Discrete
from scenegen.scenario.distributions import Fixed
from scenegen.scenario.drawn import parse_distribution
from scenegen.seeds import named_generator

N = 2_000


@pytest.fixture
def logs(tmp_path):
    """Return a folder with the same log as CSV and as Parquet."""
    generator = named_generator("logs")
    table = pa.table(
        {
            "speed": generator.gamma(9.0, 5.0, N),
            "rain": np.where(generator.random(N) < 0.6, 0.0, generator.exponential(2.0, N)),
            "lanes": generator.integers(1, 4, N),
            "sky": generator.choice(["clear", "rain"], N, p=[0.7, 0.3]),
            "broken": np.where(np.arange(N) == 6, np.nan, 1.0),
            "same": np.full(N, 4.0),
        }
    )
    pq.write_table(table, tmp_path / "logs.parquet")
    pc.write_csv(table, tmp_path / "logs.csv")
    return tmp_path, table


def read(folder, **keys):
    keys = {"file": "logs.parquet", **keys}
    return parse_distribution({"empirical": keys}, Reading(folder=folder))


def test_smoothed_values_follow_the_log_between_its_quantiles(logs):
    folder, table = logs
    drawn = read(folder, column="speed", unit="km/h")
    speeds = table["speed"].to_numpy() / 3.6
    knots = np.array(drawn.knots)
    assert len(knots) - 1 == round(2 * N**0.4)
    theirs = stats.rv_histogram((np.ones(len(knots) - 1), knots), density=False)
    column = drawn.sample(named_generator("speeds"), 20_000)
    assert stats.kstest(column, theirs.cdf).pvalue > 1e-3
    x = np.linspace(speeds.min(), speeds.max(), 400)[1:-1]
    np.testing.assert_allclose(drawn.cdf(x), theirs.cdf(x), atol=1e-12)
    np.testing.assert_allclose(drawn.log_density(x), theirs.logpdf(x), atol=1e-9)
    assert (drawn.log_density(np.array([knots[0] - 1, knots[-1] + 1])) == -np.inf).all()
    assert np.isfinite(drawn.log_density(knots)).all()
    # Smoothing moves the log itself by no more than a cell.
    assert stats.ks_2samp(column, speeds).statistic < 0.03


def test_a_value_that_is_logged_often_keeps_its_probability(logs):
    folder, table = logs
    drawn = read(folder, column="rain", unit="mm/h")
    dry = float((table["rain"].to_numpy() == 0).mean())
    assert drawn.atoms == (0.0,)
    assert float(drawn.mass(np.array(0.0))) == pytest.approx(dry, abs=0.03)
    u = np.linspace(0.001, 0.999, 999)
    np.testing.assert_allclose(drawn.cdf(drawn.quantile(u)).clip(u), drawn.cdf(drawn.quantile(u)))


def test_resampled_values_are_those_of_the_log(logs):
    folder, table = logs
    drawn = read(folder, column="speed", unit="km/h", smooth=False)
    column = drawn.sample(named_generator("resampled"), 5_000)
    one = 1 / 3.6
    assert set(column) <= set((table["speed"].to_numpy() * one).tolist())
    lanes = read(folder, column="lanes", smooth=False)
    assert isinstance(lanes, Discrete)
    counts = np.bincount(table["lanes"].to_numpy())[1:]
    np.testing.assert_allclose(lanes.probabilities, counts / N)


def test_texts_and_single_values(logs):
    folder, table = logs
    sky = read(folder, column="sky")
    assert sky.values == ("clear", "rain")
    assert sky.probabilities[0] == pytest.approx(np.mean(table["sky"].to_numpy() == "clear"))
    assert isinstance(read(folder, column="same"), Fixed)


def test_csv_and_parquet_mean_the_same(logs):
    folder, _ = logs
    for column in ("speed", "rain", "lanes", "sky"):
        assert read(folder, column=column) == read(folder, column=column, file="logs.csv")


SCENARIO = """\
scenario: logged
description: A car as fast as those that were logged.
duration: 2 s
parameters:
  speed: {empirical: {file: logs.csv, column: speed, unit: km/h}, low: 20 km/h}
road: {kind: straight, length: 200 m}
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 20 m}, speed: speed}
"""


def test_values_are_part_of_the_digest_and_paths_start_at_the_yaml(logs):
    folder, _ = logs
    path = folder / "logged.yaml"
    path.write_text(SCENARIO)
    before = load_scenario(str(path)).digest
    assert load_scenario(str(path)).digest == before
    text = (folder / "logs.csv").read_text()
    (folder / "logs.csv").write_text(text + '300,0,1,"clear",1,4\n')
    assert load_scenario(str(path)).digest != before
    path.write_text(SCENARIO.replace("column: speed", "column: sped"))
    with pytest.raises(ScenarioError, match=r"logged.yaml:5:47: .*did you mean 'speed'"):
        load_scenario(str(path))


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"column": "speed", "file": "log.csv"}, "there is no file .*did you mean 'logs.csv'"),
        ({"column": "speed", "file": "logs.txt"}, "no .csv and no .parquet"),
        ({"column": "sped"}, "no column 'sped' .did you mean 'speed'"),
        ({"column": "broken"}, "1 of 2000 values of 'broken' are missing .* in row 7"),
        ({"column": "broken", "file": "logs.csv"}, "1 of 2000 values"),
        ({"column": "speed", "unit": "kmh"}, "unknown unit 'kmh'"),
        ({"column": "sky", "unit": "m"}, "holds texts"),
        ({"column": "speed", "smoth": True}, "did you mean 'smooth'"),
        ({"column": "speed", "smooth": 3}, "true or false"),
        ({"file": "logs.csv"}, "needs 'column'"),
    ],
)
def test_what_is_wrong_is_told(logs, keys, message):
    with pytest.raises(DistributionError, match=message):
        read(logs[0], **keys)


def test_a_damaged_file_is_told(tmp_path):
    (tmp_path / "logs.parquet").write_bytes(b"no parquet")
    with pytest.raises(DistributionError, match="can't be read"):
        read(tmp_path, column="speed")
