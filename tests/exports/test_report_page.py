"""A real set with every kind of sensor and label: its page in a browser, and parts of it."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from scenegen.report import write_report


def test_every_kind_of_truth_is_on_the_page(export_set, tmp_path):
    path = Path(__file__).parents[1] / "report/browser.py"
    spec = importlib.util.spec_from_file_location("browser", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    page = write_report(export_set, tmp_path / "page.html")
    with module.Browser() as browser:
        browser.open(page)
        drawn = browser.evaluate(
            "Object.fromEntries([...document.querySelectorAll('.marks .m')].map(g => "
            "[g.classList[1], document.querySelectorAll('.m.' + g.classList[1] + ' > *').length]))"
        )
        assert all(drawn.values()), drawn
        shown = browser.evaluate(
            "[...document.querySelectorAll('.stage img')].every(i => i.naturalWidth > 0)"
        )
        assert shown
        layers = browser.evaluate("[...document.querySelectorAll('[data-show]')].length")
        assert layers >= 10  # six pictures, motion, the plan, LiDAR and radar
        cards, motion = (
            browser.evaluate(f"document.querySelectorAll('.stage {what}').length")
            for what in ("img.rgb", "img.motion")
        )
        assert motion == cards > 0
        said = browser.evaluate(
            "[...document.querySelectorAll('.marks title')].map(t => t.textContent).join('|')"
        )
        for words in ("right of way: ", "crosses in ", "saw ego", "ttc ", "m/s²", "from the ego"):
            assert words in said, words
        for label in ("person", "rider"):
            wanted = len(export_set.filter(f"count.{label} > 0").frames())
            said = browser.evaluate(
                "(() => { document.getElementById('filters').reset(); const box = "
                "[...document.querySelectorAll('#classes label')].find("
                f"l => l.textContent.trim() === '{label}').firstChild;"
                "for (const other of document.querySelectorAll('[data-class-bit]'))"
                " other.checked = false;"
                "box.click(); return document.getElementById('matches').textContent; })()"
            )
            assert said.startswith(f"{wanted} of ")
        assert browser.problems == []


def test_a_filter_narrows_what_scenes_and_views_give(export_set):
    left = export_set.filter("count.person > 0 and sensor == 'front'")
    frames = list(left.frames())
    assert frames
    assert frames == [frame for scene in left for frame in scene.frames()]
    assert all(frame.entry.objects["person"] for frame in frames)
    assert not len(left.sweeps())
    sweeps = export_set.filter("sensor in ['roof', 'ahead'] and frame < 2")
    assert len(sweeps.sweeps("roof")) == len(sweeps.scans("ahead")) == 2 * len(export_set)
    sweep = sweeps.sweeps("roof")[1]
    assert (sweep.sensor, sweep.index, sweep.labels.frame) == ("roof", 1, 1)
    assert sweeps.scans()[0].scan.points.shape[1] == 6
