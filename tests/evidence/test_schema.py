"""What is generated from datapackage.json, and that the code knows no topic."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import hipevidence.evidence as room
from hipevidence.errors import InputError
from hipevidence.evidence import data_dictionary, load_evidence, template_row, validate
from hipevidence.synthesis import synthesise
from tests.support import SCHEMA, TABLES, columns, study


def test_the_data_dictionary_names_every_column(tiny):
    schema = load_evidence(tiny.write()).schema
    text = data_dictionary(schema)
    for resource in schema.resources:
        section = text.split(f"## {resource.name} ")[1].split("\n## ")[0]
        for column in resource.columns:
            assert f"\n| `{column}` | " in section
    assert "| one of rct, cluster_rct, " in text
    assert "a number above 0, or empty" in text
    assert all(line.replace("\\|", "").count("|") == 5 for line in text.splitlines() if line.startswith("|"))


def test_the_template_row(tiny):
    schema = load_evidence(tiny.write()).schema
    header, example = csv.reader(io.StringIO(template_row(schema.resource("studies"))))
    assert header == columns("studies")
    assert dict(zip(header, example, strict=True))["row_id"] == "bennell2010.pain.12w"


def test_an_unknown_table(tiny):
    schema = load_evidence(tiny.write()).schema
    with pytest.raises(InputError, match="Did you mean studies"):
        schema.resource("study")


def test_the_examples_of_the_schema_obey_it(tiny):
    schema = load_evidence(tiny.write()).schema
    for name in TABLES:
        tiny.files[f"{name}.csv"] = template_row(schema.resource(name)).encode()
    tiny.claims = tiny.questions = ""
    rules = {problem.rule for problem in validate(tiny.write())}
    assert rules <= {"unknown_key", "bias_complete"}  # its keys belong to another vocabulary; one domain is judged


def test_nothing_in_the_code_knows_the_topic():
    for path in Path(room.__file__).parent.glob("*.py"):
        if path.name != "models.py":  # its docstrings give examples of keys
            text = path.read_text(encoding="utf-8").lower().replace("hipevidence", "")
            assert not re.search(r"\b(hip|knee|pain|patell|osteoarth|strengthen)", text), path.name


def test_checking_starts_without_pandas(tiny):
    tiny.studies = [study(n1="x")]
    code = (
        "import sys; from hipevidence.evidence import validate; "
        f"problems = validate({str(tiny.write())!r}); "
        "sys.exit(len(problems) != 1 or 'pandas' in sys.modules or 'matplotlib' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def described(tiny, change):
    """The schema of the repository after ``change`` was made to the description of studies.csv, by column."""
    package = json.loads(SCHEMA.read_text(encoding="utf-8"))
    table = package["resources"][0]["schema"]
    columns = {field["name"]: field for field in table["fields"]}
    change(columns)
    table["fields"] = list(columns.values())
    rows = [{name: text for name, text in row.items() if name in columns} for row in tiny.studies]
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    tiny.files = {"datapackage.json": json.dumps(package).encode(), "studies.csv": buffer.getvalue().encode()}
    return tiny.write()


def test_a_column_that_a_folder_does_not_have_is_empty(tiny):
    """An older folder stays readable when the program learns another column."""
    evidence = load_evidence(described(tiny, lambda columns: [columns.pop(name) for name in ("events1", "note")]))
    assert evidence.studies["events1"].isna().all()
    assert evidence.printed["studies"]["note"].tolist() == [""]
    assert "note" not in evidence.schema.resource("studies").columns
    assert synthesise(evidence, "tea.sleep").primary.k == 1


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda columns: columns.pop("status"), "no such column"),
        (lambda columns: columns["sd1_post"].update(type="string", constraints={}), "type string"),
        (lambda columns: columns["note"].update(type="number"), "type number"),
    ],
)
def test_a_column_that_the_program_could_not_work_with_is_refused(tiny, change, found):
    (problem,) = validate(described(tiny, change))
    assert (problem.file, problem.rule, problem.found) == ("datapackage.json", "schema", found)
    assert "hipevidence init" in problem.action
