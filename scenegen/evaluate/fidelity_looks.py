"""Colours and detail of a synthetic set beside those of real photographs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from scenegen.evaluate.comparison import BOOTSTRAP, Comparison, Side
from scenegen.evaluate.measures.color import BINS, CHANNELS, TONES, color_distances
from scenegen.evaluate.measures.spectrum import FREQUENCIES, spectrum_distance, spectrum_slope
from scenegen.evaluate.results import Curve, MetricResult, Plot, Table
from scenegen.evaluate.statistics import DRAWS, F64, I64, Interval, block_weights, interval_of

Rows = npt.NDArray[np.floating]
_PLOTTED = ("lightness", "saturation", "hue")


class _Drawn:
    """Weighted means of two sides' rows, as they are and under one bootstrap's draws.

    Weights are drawn once a side, so all figures see the same resampled sets.
    """

    def __init__(self, both: Comparison) -> None:
        self._weights = {
            side.mapped.name: _weights(side.mapped.blocks, both.generator("looks", position))
            for position, side in enumerate(_sides(both))
        }

    def means(self, side: Side, rows: Rows) -> tuple[F64, F64]:
        """Return the mean (...) of rows (N, ...), and under each draw (draws, ...)."""
        flat = rows.reshape(len(rows), -1)
        drawn = self._weights[side.mapped.name] @ flat
        return rows.mean(axis=0, dtype=np.float64), drawn.reshape(DRAWS, *rows.shape[1:])

    def compare(
        self, x: tuple[Side, Rows], y: tuple[Side, Rows], measure: Callable[[F64, F64], F64]
    ) -> list[Interval]:
        """Return a measure (...) of two sides' means with its intervals, flattened."""
        (mean_x, drawn_x), (mean_y, drawn_y) = self.means(*x), self.means(*y)
        values = np.atleast_1d(measure(mean_x, mean_y)).ravel()
        draws = np.atleast_1d(measure(drawn_x, drawn_y)).reshape(DRAWS, -1)
        return [interval_of(float(v), draws[:, i]) for i, v in enumerate(values)]


def _sides(both: Comparison) -> list[Side]:
    return [both.synthetic, both.test, *([] if both.train is None else [both.train])]


def _weights(blocks: I64, generator: np.random.Generator) -> F64:
    counts = block_weights(blocks, generator).astype(np.float64)
    return np.asarray(counts / counts.sum(axis=1, keepdims=True))


def colours(both: Comparison) -> tuple[list[MetricResult], Table, tuple[Plot, ...]]:
    """Return distances of colour histograms, tones, and plots of the histograms."""
    drawn = _Drawn(both)
    test = both.test
    ours = drawn.compare(
        (both.synthetic, both.synthetic.looks.colors), (test, test.looks.colors), color_distances
    )
    real: list[Interval] | None = None
    if both.train is not None:
        real = drawn.compare(
            (both.train, both.train.looks.colors), (test, test.looks.colors), color_distances
        )
    n = len(both.synthetic.mapped)
    results = [
        both.result(
            f"fidelity.color.{channel}", interval, n, "lower", BOOTSTRAP, model="",
            note="1-Wasserstein distance of histograms, in shares of the channel's range",
        )
        for channel, interval in zip(CHANNELS, ours, strict=True)
    ]  # fmt: skip
    gaps = drawn.compare(
        (both.synthetic, both.synthetic.looks.tones), (test, test.looks.tones), lambda a, b: a - b
    )
    results += [
        both.result(
            f"fidelity.{tone}_gap", interval, n, "neither", BOOTSTRAP, model="",
            note="synthetic minus real mean",
        )
        for tone, interval in zip(TONES, gaps, strict=True)
    ]  # fmt: skip
    rows = tuple(
        (channel, ours[i].value, None if real is None else real[i].value)
        for i, channel in enumerate(CHANNELS)
    )
    table = Table(
        title="Colours",
        columns=("channel", "synthetic to test", "real train to test"),
        rows=rows,
        note="1-Wasserstein distances of pooled histograms, in shares of the channel's range.",
    )
    x = tuple(((np.arange(BINS) + 0.5) / BINS).tolist())
    plots = tuple(
        Plot(
            title=f"Histogram of {channel}",
            x_label=f"{channel}, share of its range",
            y_label="share of pixels",
            curves=tuple(
                _curve(drawn, side, side.looks.colors[:, CHANNELS.index(channel)], x)
                for side in _sides(both)
            ),
        )
        for channel in _PLOTTED
    )
    return results, table, plots


def detail(both: Comparison) -> tuple[list[MetricResult], Plot]:
    """Return how power spectra differ, and the plot of them."""
    drawn = _Drawn(both)
    test, ours = (
        (both.test, both.test.looks.spectra),
        (both.synthetic, both.synthetic.looks.spectra),
    )
    n = len(both.synthetic.mapped)
    sizes = [np.median(side.looks.size, axis=0).astype(int) for side in _sides(both)]
    note = ""
    if (sizes[0] != sizes[1]).any():
        note = "pictures differ in size: scales are in pixels of each set's own pictures"

    def slope_gap(x: F64, y: F64) -> F64:
        return np.asarray(spectrum_slope(x) - spectrum_slope(y))

    results = [
        both.result(
            "fidelity.spectrum", drawn.compare(ours, test, spectrum_distance)[0], n, "lower",
            BOOTSTRAP, model="", note="; ".join(filter(None, ["root mean square in dB", note])),
        ),
        both.result(
            "fidelity.spectrum_slope_gap", drawn.compare(ours, test, slope_gap)[0], n, "neither",
            BOOTSTRAP, model="",
            note="; ".join(filter(None, ["negative: less fine detail than in photographs", note])),
        ),
    ]  # fmt: skip
    if both.train is not None:
        floor = drawn.compare((both.train, both.train.looks.spectra), test, spectrum_distance)[0]
        results.append(
            both.result(
                "fidelity.spectrum_floor_train", floor, len(both.train.mapped), "neither",
                BOOTSTRAP, model="", dataset=both.train.mapped.name, note="in dB",
            )
        )  # fmt: skip
    x = tuple(np.log10(FREQUENCIES).tolist())
    return results, Plot(
        title="Detail by scale",
        x_label="log10 of cycles per pixel",
        y_label="power in dB",
        curves=tuple(_curve(drawn, side, side.looks.spectra, x) for side in _sides(both)),
        note=note,
    )


def _curve(drawn: _Drawn, side: Side, rows: Rows, x: tuple[float, ...]) -> Curve:
    mean, draws = drawn.means(side, rows)
    low, high = np.quantile(draws, [0.025, 0.975], axis=0)
    return Curve(
        label=side.mapped.name,
        x=x,
        y=tuple(mean.tolist()),
        low=tuple(np.minimum(low, mean).tolist()),
        high=tuple(np.maximum(high, mean).tolist()),
    )
