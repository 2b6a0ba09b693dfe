"""``hipevidence validate``: everything at once, and an exit code that says how bad it is."""

from __future__ import annotations

from tests.support import study


def test_tables_in_order(run, tiny):
    done = run("validate", "--data", tiny.write())
    assert (done.code, done.out, done.err) == (0, "The tables are in order.\n", "")


def test_the_data_of_this_repository_hold_no_error(run, data):
    done = run("validate", "--json", "--data", data)
    assert [problem for problem in done.json["problems"] if problem["level"] == "error"] == []
    assert done.code in {0, 1}


def test_an_error_is_unusable(run, tiny):
    tiny.studies = [study(sd1_post="0"), study(row_id="b", sample_id="b", n1="0")]
    done = run("validate", "--data", tiny.write())
    assert done.code == 2
    assert "studies.csv:2: error: smith2020.sleep.6w, sd1_post" in done.out
    assert "studies.csv:3: error: b, n1" in done.out
    assert done.out.endswith("2 errors.\n")


def test_a_warning_is_a_finding(run, tiny):
    tiny.studies, tiny.claims = [], ""
    done = run("validate", "--data", tiny.write())
    assert done.code == 1
    assert "studies.csv:1: warning: whole file (no_rows)" in done.out
    assert done.out.endswith("1 warning.\n")


def test_json_has_the_parts_of_each_problem(run, tiny):
    tiny.studies = [study(sd1_post="0")]
    done = run("validate", "--json", "--data", tiny.write())
    assert done.code == 2
    (problem,) = done.json["problems"]
    assert {"file", "line", "entry", "column", "found", "allowed", "action", "rule", "level"} <= set(problem)
    assert (problem["file"], problem["line"], problem["column"]) == ("studies.csv", 2, "sd1_post")


def test_json_of_tables_in_order_is_an_empty_list(run, tiny):
    done = run("validate", "--json", "--data", tiny.write())
    assert (done.code, done.json) == (0, {"problems": []})


def test_what_is_acknowledged_is_listed_on_request_only(run, tiny):
    tiny.studies = [study(p_value=".03", acknowledged="p_decision: a rank test, says the author")]
    folder = tiny.write()
    done = run("validate", "--data", folder)
    assert (done.code, done.out) == (0, "The tables are in order.\n")
    done = run("validate", "--all", "--data", folder)
    assert done.code == 0
    assert "studies.csv:2: query: smith2020.sleep.6w, p_value (p_decision)" in done.out
    assert "stands:  a rank test, says the author" in done.out
    done = run("validate", "--all", "--json", "--data", folder)
    assert [problem["acknowledged"] for problem in done.json["problems"]] == ["a rank test, says the author"]
