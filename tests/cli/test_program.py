"""The program as people start it: a process of its own, any terminal, any pipe."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.support import ROOT, study

pytestmark = pytest.mark.slow


def test_help_names_every_command(program):
    done = program("--help")
    assert done.code == 0
    assert all(command in done.out for command in ("report", "pool", "claims", "validate"))


def test_no_command_shows_the_help(program):
    done = program()
    assert "Usage" in done.out + done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("arguments", [["pool", "--bogus"], ["poool"], ["report", "--data"]])
def test_an_unknown_option_or_command_is_exit_code_2(program, arguments):
    done = program(*arguments)
    assert done.code == 2
    assert "Traceback" not in done.err
    assert done.out == ""


def test_bad_input_is_exit_code_2_without_a_traceback(program, tiny, tmp_path):
    tiny.studies = [study(sd1_post="0"), study(row_id="b", sample_id="b", n1="many")]
    tiny.write()
    done = program("report", cwd=tmp_path)
    assert done.code == 2
    assert "2 problems found; nothing was changed." in done.err
    assert "Traceback" not in done.err
    assert not (tmp_path / "reports").exists()


def test_data_and_reports_are_looked_for_where_one_stands(program, tiny, tmp_path):
    tiny.write()
    assert program("pool", cwd=tmp_path).code == 0


def test_a_terminal_without_a_minus_sign_gets_a_hyphen_not_a_crash(program, data):
    done = program("pool", "oa.mixed.pain", "--data", data, PYTHONIOENCODING="cp1252")
    assert done.code == 0
    assert "-0.61 [-0.94 to -0.28]" in done.out
    assert "?" not in done.out


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_json_is_the_same_in_every_encoding(program, tiny, encoding):
    tiny.studies = [study(study="Sørensen \N{MINUS SIGN} 王")]
    done = program("pool", "--json", "--data", tiny.write(), PYTHONIOENCODING=encoding)
    (question,) = done.json["questions"]
    assert question["rows"][0]["study"] == "Sørensen \N{MINUS SIGN} 王"


def test_a_reader_that_leaves_early_is_no_error(data):
    command = f'"{sys.executable}" -m hipevidence pool --json --data "{data}" | head -n 1'
    shell = ["sh", "-c", command]
    done = subprocess.run(shell, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == "{\n"
    assert done.stderr == ""


def test_json_alone_stands_on_standard_output(program, data):
    done = program("pool", "itbs.recovery", "--json", "--data", data)
    assert json.loads(done.out)["questions"][0]["id"] == "itbs.recovery"
    assert done.err == ""
