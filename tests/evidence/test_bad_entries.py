"""Mistakes in questions.toml, claims.toml, vocabulary.toml, references.json and datapackage.json."""

from __future__ import annotations

import json

import pytest

from hipevidence.evidence import validate
from tests.support import CLAIM, QUESTION, SCHEMA

SECOND = QUESTION.replace('"tea.sleep"', '"tea.sleep.b"')
START = len(QUESTION.splitlines()) + 1  # line at which the second question starts, after an empty line

# change of the second question: old, new, line within it, column, found, allowed, action
QUESTIONS = [
    ('title = "', 'titel = "', 3, "titel", 'unknown key "titel"', "the keys id, title", "Did you mean title?"),
    ('measure = "SMD"\n', "", 1, "measure", "nothing", "a value for measure", "Add it."),
    ('measure = "SMD"', 'measure = "SDM"', 12, "measure", '"SDM"', "one of HR, IRR, MD", "Correct it."),
    ('measure = "SMD"', "measure = 3", 12, "measure", "3", "text in quotes", "Correct it."),
    ('["rct"]', '["rtc"]', 9, "designs[1]", '"rtc"', "one of rct, cluster_rct", "Did you mean rct?"),
    ('designs = ["rct"]', 'designs = "rct"', 9, "designs", '"rct"', "a list in square brackets", "Correct it."),
    ("time_target = 6", 'time_target = "six"', 11, "time_target", '"six"', "a number", "Correct it."),
    ("[2, 12]", "[2, 12, 14]", 10, "time_weeks", "a list of 3", "at most 2", "Correct it."),
    ("[2, 12]", "[12, 2]", 10, "time_weeks", "12 to 2", "the first week before the last", "Exchange"),
    ("[2, 12]", "[2]", 10, "time_weeks[2]", "nothing", "a value for 1", "Add it."),
    ('"people"', '"peeple"', 5, "population[1]", '"peeple"', "vocabulary.population", "Did you mean people?"),
    ('"diary"', '"diari"', 15, "prefer_instruments[1]", '"diari"', "instruments", "Did you mean diary?"),
    ("time_target", "exclude = {nobody = 'x'}\ntime_target", 11, "exclude.nobody", '"nobody"', "studies", "Correct it"),
    ("time_target", "level = 95\ntime_target", 11, "level", "95", "below 1", "Correct it."),
    ("time_target", "mcid = 0\ntime_target", 11, "mcid", "0", "above 0", "Correct it."),
]


@pytest.mark.parametrize(("old", "new", "line", "column", "found", "allowed", "action"), QUESTIONS)
def test_a_question(tiny, old, new, line, column, found, allowed, action):
    changed = SECOND.replace('"poor_sleepers"', '"people"')
    assert old in changed
    tiny.questions = QUESTION + "\n" + changed.replace(old, new)
    problem = next(problem for problem in validate(tiny.write()) if problem.column == column)
    assert (problem.file, problem.line, problem.entry) == ("questions.toml", START + line, "tea.sleep.b")
    assert found in problem.found
    assert allowed in problem.allowed
    assert action in problem.action


SENSITIVITY = '[[question.sensitivity]]\nid = "s"\ntitle = "S"\n'


@pytest.mark.parametrize(
    ("extra", "line", "column"),
    [
        ('drop_rows = ["smith2020.slep.6w"]\n', 3, "sensitivity[2].drop_rows[1]"),
        ('measure = "OD"\n', 3, "sensitivity[2].measure"),
        ('score = "before"\n', 3, "sensitivity[2].score"),
        ("mesure = 1\n", 3, "sensitivity[2].mesure"),
    ],
)
def test_a_sensitivity_analysis(tiny, extra, line, column):
    tiny.questions = QUESTION + SENSITIVITY + SENSITIVITY + extra
    (problem,) = validate(tiny.write())
    first = len(QUESTION.splitlines()) + len(SENSITIVITY.splitlines()) + 1
    assert (problem.line, problem.column) == (first + line, column)


def test_misspelt_key_of_a_sensitivity_analysis_gets_its_own_suggestion(tiny):
    tiny.questions = QUESTION + SENSITIVITY + "drop_row = []\n"
    (problem,) = validate(tiny.write())
    assert problem.action.startswith("Did you mean drop_rows?")


def test_an_id_used_twice(tiny):
    tiny.questions = QUESTION + QUESTION
    (problem,) = validate(tiny.write())
    assert (problem.line, problem.rule) == (len(QUESTION.splitlines()) + 2, "duplicate_key")
    assert "first in line 1" in problem.found


def test_another_section(tiny):
    tiny.questions = QUESTION.replace("[[question]]", "[[questions]]")
    problems = validate(tiny.write())
    assert problems[0].found == 'unknown section "questions"'
    assert "Did you mean question?" in problems[0].action


def test_a_section_that_is_no_list(tiny):
    tiny.questions = QUESTION.replace("[[question]]", "[question]")
    (problem,) = validate(tiny.write())
    assert problem.allowed == "[[question]] before each entry"


CLAIMS = [
    ('"C01"', '"first"', 2, "first", "id", "pattern", "Correct it."),
    ('"smith2020.sleep.6w"', '"smith2020.sleep.8w"', 12, "C01", "rows[1]", "studies", "mean smith2020.sleep.6w?"),
    ("rows =", 'pools = ["no"]\nrows =', 12, "C01", "pools[1]", "published_pools", "published_pools.csv"),
    ("rows =", 'questions = ["tea.slep"]\nrows =', 12, "C01", "questions[1]", "questions", "mean tea.sleep?"),
    ("rows =", 'source = {identified = "no"}\nrows =', 12, "C01", "source.identified", "references", "references.json"),
    ("rows =", 'figures = [{value = 1, role = "week"}]\nrows =', 12, "C01", "figures[1].role", "weeks", "Correct"),
    ('"2030-01-01"', "2030-01-01", 14, "C01", "review_by", "text in quotes", "Correct it."),
    ('"causes"', '"cause"', 10, "C01", "relation", "one of describes, associates, causes", "Did you mean causes?"),
]


@pytest.mark.parametrize(("old", "new", "line", "entry", "column", "allowed", "action"), CLAIMS)
def test_a_claim(tiny, old, new, line, entry, column, allowed, action):
    assert old in CLAIM
    tiny.claims = CLAIM.replace(old, new)
    (problem,) = validate(tiny.write())
    assert (problem.file, problem.line, problem.entry, problem.column) == ("claims.toml", line, entry, column)
    assert allowed in problem.allowed
    assert action in problem.action


@pytest.mark.parametrize("name", ["questions.toml", "claims.toml", "vocabulary.toml"])
def test_broken_toml(tiny, name):
    tiny.files[name] = b'# fine\nkey = "open\n'
    problem = next(problem for problem in validate(tiny.write()) if problem.rule == "toml_syntax")
    assert (problem.file, problem.line) == (name, 2)
    assert "column 12" in problem.found
    assert "missing quote" in problem.action


def test_toml_that_ends_too_early(tiny):
    tiny.files["claims.toml"] = b"# fine\nkey = ["
    (problem,) = validate(tiny.write())
    assert (problem.rule, problem.line) == ("toml_syntax", 2)


@pytest.mark.parametrize("text", ["x = " + "9" * 5000, "x = " + "[" * 5000])
def test_toml_made_to_break_the_reader(tiny, text):
    tiny.files["claims.toml"] = text.encode()
    (problem,) = validate(tiny.write())
    assert problem.rule == "toml_syntax"


VOCABULARY = [
    ('is_a = ["people"]', 'is_a = ["peple"]', 4, "population.poor_sleepers", "is_a", "Did you mean people?"),
    ('is_a = ["people"]', 'isa = ["people"]', 4, "population.poor_sleepers", "isa", "Did you mean is_a?"),
    (
        'label = "people"\n',
        'is_a = ["shift_workers"]\nlabel = "people"\n',
        1,
        "population.people",
        "is_a",
        "Delete one",
    ),
    ("[population.people]", "[population.People]", 1, "population.People", "", "Correct it."),
]


@pytest.mark.parametrize(("old", "new", "line", "entry", "column", "action"), VOCABULARY)
def test_a_term(tiny, old, new, line, entry, column, action):
    assert old in tiny.vocabulary
    tiny.vocabulary = tiny.vocabulary.replace(old, new, 1)
    problem = next(problem for problem in validate(tiny.write()) if problem.file == "vocabulary.toml")
    assert (problem.line, problem.entry, problem.column) == (line, entry, column)
    assert action in problem.action


def test_a_bare_value_in_the_vocabulary(tiny):
    tiny.vocabulary = "colour = 1\n" + tiny.vocabulary
    (problem,) = validate(tiny.write())
    assert 'a bare value for "colour"' in problem.found


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("[{},", 1, "broken JSON"),
        ("[" * 100_000, 0, "cannot be read"),
        ('{"a": 1}', 0, "no list"),
        ("null", 0, "no list"),
        ('[{"id": 3}]', 0, "without an id"),
        ('[{"id": "smith2020"}, {"id": "jones2022"},\n{"id": "smith2020"}]', 2, '"smith2020" again'),
    ],
)
def test_references(tiny, text, line, found):
    tiny.files["references.json"] = text.encode()
    problem = next(problem for problem in validate(tiny.write()) if problem.file == "references.json")
    assert problem.line == line
    assert found in problem.found


def changed_schema(change):
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    change(schema)
    return json.dumps(schema).encode()


SCHEMAS = [
    (lambda s: s["resources"][0]["schema"]["fields"][0].update(type="date"), "row_id", "one of string, integer"),
    (lambda s: s["resources"][0]["schema"]["fields"][0]["constraints"].update(minimun=1), "row_id", "the standard"),
    (lambda s: s["resources"][0]["schema"]["fields"][0]["constraints"].update(pattern="("), "studies", "regular"),
    (lambda s: s["resources"][0].update(path="../secret.csv"), "studies", "pattern"),
    (lambda s: s["resources"][0]["schema"].update(primaryKey=["row"]), "studies", "a described column"),
    (
        lambda s: s["resources"][0]["schema"]["foreignKeys"][0]["reference"].update(resource="x"),
        "studies",
        "vocabulary",
    ),
    (lambda s: s["resources"].pop(), "risk_of_bias", "a description of this table"),
    (lambda s: s["resources"][0]["schema"]["fields"].pop(3), "studies", "a column of type string"),
    (lambda s: s["resources"].append(s["resources"][0]), "", "each name once"),
    (lambda s: s.pop("resources"), "", "a value for resources"),
]


@pytest.mark.parametrize(("change", "entry", "allowed"), SCHEMAS)
def test_the_schema(tiny, change, entry, allowed):
    tiny.files["datapackage.json"] = changed_schema(change)
    problem = validate(tiny.write())[0]
    assert (problem.file, problem.entry, problem.rule) == ("datapackage.json", entry, "schema")
    assert allowed in problem.allowed


def test_broken_json_in_the_schema(tiny):
    tiny.files["datapackage.json"] = b'{\n"resources": [,]}'
    (problem,) = validate(tiny.write())
    assert (problem.line, problem.rule) == (2, "json_syntax")
    assert "missing comma" in problem.action
