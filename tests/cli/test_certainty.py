"""``hipevidence certainty``: levels with reasons; unsigned until a person signs; a stale signature is a finding."""

from __future__ import annotations


def test_the_repository_is_suggested_and_not_signed(run, data):
    done = run("certainty", "--json", "--data", data)
    assert done.code == 0
    ratings = done.json["certainty"]
    assert {rating["state"] for rating in ratings} == {"suggested, not signed"}
    assert all(step["reason"] for rating in ratings for step in rating["suggested"]["steps"])
    levels = {rating["id"]: rating["level"] for rating in ratings}
    assert levels["oa.hip_vs_none.pain"] == "low"
    assert levels["itbs.recovery"] == "very_low"


def test_text_entry_and_a_stale_signature(run, tiny):
    folder = tiny.write()
    text = run("certainty", "tea.sleep", "--data", folder)
    assert (text.code, "certainty (suggested, not signed)" in text.out) == (0, True)
    entry = run("certainty", "--entry", "--data", folder).out.replace('_by = ""', '_by = "A"')
    (folder / "certainty.toml").write_text(entry.replace('_on = ""', '_on = "2026-11-28"'), encoding="utf-8")
    assert "signed by A on 2026-11-28" in run("certainty", "--data", folder).out
    table = (folder / "studies.csv").read_text(encoding="utf-8")
    (folder / "studies.csv").write_text(table.replace("5.20", "5.30"), encoding="utf-8")
    done = run("certainty", "--data", folder)
    assert (done.code, "stale" in done.out) == (1, True)
    assert run("certainty", "tea.slep", "--data", folder).code == 2
