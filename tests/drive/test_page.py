"""The page of a run, in a real browser, and films that play there."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

import scenegen
from scenegen.report.charts import curve
from tests.report.browser import Browser


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drive") / "out"
    scenegen.drive(
        scenario="red_light_cyclist", agent="constant", num_scenes=3, out=str(folder), film="all"
    )
    return folder


def test_the_page_works_in_a_browser(out: Path) -> None:
    with Browser() as browser:
        browser.open(out / "drive.html")
        assert browser.evaluate("document.querySelectorAll('article.card').length") == 2
        rows = browser.evaluate(
            "[...document.querySelectorAll('main table')].at(-1).tBodies[0].rows.length"
        )
        assert rows == 3
        wide = "document.querySelector('video').videoWidth"
        ready = f"""new Promise((done) => {{
            const film = document.querySelector('video');
            film.addEventListener('loadeddata', () => done({wide}));
            film.addEventListener('error', () => done('error ' + film.error.message));
            film.preload = 'auto'; film.load();
        }})"""
        assert browser.evaluate(ready) == 640
        assert browser.problems == []
        names = {Path(request).name for request in browser.requests}
        assert names <= {"drive.html", "film.mp4"}


def test_films_have_a_picture_for_every_tenth_of_a_second(out: Path) -> None:
    film = cv2.VideoCapture(str(out / "episodes" / "red_light_cyclist-000000" / "film.mp4"))
    count = 0
    changed = []
    before = None
    while True:
        fine, picture = film.read()
        if not fine:
            break
        count += 1
        if before is not None:
            changed.append(float(np.abs(picture.astype(int) - before).mean()))
        before = picture.astype(int)
    assert count == 71
    assert film.get(cv2.CAP_PROP_FPS) == pytest.approx(10.0)
    assert np.median(changed) > 0.2


def test_films_are_made_as_asked(tmp_path: Path) -> None:
    for kind, expected in (("none", 0), ("failed", 1)):
        scenegen.drive(
            scenario="red_light_cyclist",
            agent="constant",
            num_scenes=2,
            out=str(tmp_path / kind),
            film=kind,
        )
        found = list((tmp_path / kind).rglob("film.mp4"))
        assert len(found) == expected


def test_names_are_escaped(tmp_path: Path) -> None:
    path = tmp_path / "<b>.py"
    path.write_text("def agent(told):\n    return {'steer': 'x' * 9, 'pedal': 0}\n")
    scenegen.drive(scenario="wet_cut_in", agent=f"python:{path}:agent", out=str(tmp_path / "out"))
    html = (tmp_path / "out" / "drive.html").read_text()
    assert "<b>" not in html
    assert "&lt;b&gt;" in html


def test_curves() -> None:
    drawn = str(curve([0, 1, 2, 3, 4], [1, np.nan, 3, 4, np.inf], "a <name>", limit=2, events=[2]))
    assert drawn.count("<polyline") == 2
    assert drawn.count('class="limit"') == drawn.count('class="event"') == 1
    assert 'x1="120.0"' in drawn
    assert "a &lt;name&gt;" in drawn
    flat = str(curve([0, 1], [np.nan, np.nan], "nothing"))
    assert "<polyline" not in flat


def test_the_same_episode_gives_the_same_film(out: Path, tmp_path: Path) -> None:
    scenegen.drive(
        scenario="red_light_cyclist", agent="constant", out=str(tmp_path / "again"), film="all"
    )
    name = Path("episodes") / "red_light_cyclist-000000" / "film.mp4"
    assert (tmp_path / "again" / name).read_bytes() == (out / name).read_bytes()
