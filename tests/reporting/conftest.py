"""A small data folder on an invented topic, with text in it that would like to be markup, a formula or a script."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from hipevidence.claims import Verdict, verdicts
from hipevidence.evidence import Evidence, load_evidence
from hipevidence.reporting import report_files
from hipevidence.synthesis import Synthesis, synthesise

ROOT = Path(__file__).parents[2]

SCRIPT = "<script>alert(1)</script>"
FORMULA = "=1+1"
QUOTES = """a "double" & 'single' quote"""
RIGHT_TO_LEFT = "abc \u202edef\u202c \u200fghi"
TYPESET = r"#evil[typst] $x^2$ *bold* _it_ \ // @ref <label> `raw` #{1+1}"
JINJA = "{{ 7 * 7 }} {% raw %}"
HOSTILE = (SCRIPT, FORMULA, QUOTES, RIGHT_TO_LEFT, TYPESET, JINJA)

_TRIAL = {
    "year": "2010",
    "design": "rct",
    "population": "tired",
    "sex": "mixed",
    "intervention": "nap",
    "comparator": "walk",
    "outcome": "sleepiness",
    "instrument": "scale_0_10",
    "time_weeks": "6",
    "arm1": "nap",
    "arm2": "walk",
    "verification": "abstract",
    "seen": "true",
    "status": "extracted",
    "finding": "decreases",
    "read_in": "Table 2",
    "url": "secondary-copy",
    "doi": "10.1000/xyz123",
}


def _trial(key: str, study: str, figures: str, **more: str) -> dict[str, str]:
    names = ("n1", "mean1_post", "sd1_post", "n2", "mean2_post", "sd2_post")
    numbers = dict(zip(names, figures.split(), strict=True)) if figures else {}
    head = {"row_id": f"{key}.sleepiness.6w", "study_id": key, "study": study, "sample_id": key}
    return _TRIAL | head | numbers | more


STUDIES = (
    _trial("alpha2010", f"Alpha {SCRIPT}", "20 3.10 2.0 20 4.2 2.1", note=FORMULA),
    _trial("beta2012", FORMULA, "30 2.5 1.8 31 3.9 2.2", read_in=TYPESET, url="javascript:alert(1)"),
    _trial("gamma2014", RIGHT_TO_LEFT, "25 3.0 2.4 24 3.1 2.0", read_in=JINJA),
    _trial(
        "delta2016",
        QUOTES,
        "",
        n1="40",
        n2="41",
        status="awaiting_extraction",
        finding="no_difference",
        status_reason=f"prints no figure {SCRIPT}",
    ),
    _trial("epsilon2018", TYPESET, "", status="awaiting_extraction", status_reason=TYPESET),
    _trial("zeta2020", "Zeta 2020", "10 1 1 10 6 1", verification="as_cited", seen="false"),
    _trial("eta2021", "Eta 2021", "12 1 1 12 2 1", status="excluded", status_reason="not about naps"),
    _TRIAL
    | {
        "row_id": "theta2000.recovered",
        "study_id": "theta2000",
        "study": "Theta 2000",
        "sample_id": "theta2000",
        "design": "single_group",
        "comparator": "before",
        "arm2": "",
        "outcome": "recovered",
        "instrument": "",
        "n1": "24",
        "events1": "22",
        "finding": "increases",
    },
)

POOL = {
    "pool_id": "review2022.sleepiness",
    "review_id": "review2022",
    "review": f"Review {SCRIPT}",
    "year": "2022",
    "population": "tired",
    "sex": "mixed",
    "intervention": "nap",
    "comparator": "walk",
    "outcome": "sleepiness",
    "design": "rct",
    "measure": "SMD",
    "estimate": "-0.60",
    "ci_low": "-0.90",
    "ci_high": "-0.30",
    "k_pooled": "3",
    "k_review": "7",
    "finding": "decreases",
    "verification": "abstract",
    "seen": "true",
    "read_in": "abstract",
    "url": "https://example.org/review",
}

INSTRUMENT = {
    "instrument": "scale_0_10",
    "name": "0-10 scale",
    "outcome": "sleepiness",
    "unit": "points",
    "minimum": "0",
    "maximum": "10",
    "higher_is_better": "false",
}

QUALITY = {"study_id": "beta2012", "tool": SCRIPT, "item": FORMULA, "judgement": TYPESET, "read_in": JINJA}
BIAS = tuple(
    {
        "study_id": "alpha2010",
        "outcome": "sleepiness",
        "tool": "RoB 2",
        "version": "2019",
        "domain": domain,
        "judgement": "Low" if domain == "D1" else "Some concerns",
        "reason": TYPESET,
        "assessor": SCRIPT,
        "judged_on": "2029-05-01",
        "read_in": JINJA,
    }
    for domain in ("D1", "D2", "D3", "D4", "D5", "overall")
)

VOCABULARY = """
[population.tired]
label = "tired people"
words = ["tired people"]
[intervention.nap]
label = "napping"
words = ["napping"]
[comparator.walk]
label = "walking"
words = ["walking"]
[comparator.before]
label = "the same people before"
[outcome.sleepiness]
label = "sleepiness <b>"
words = ["sleepiness"]
[outcome.recovered]
label = "recovery"
"""

QUESTIONS = """
[[question]]
id = "nap.sleepiness"
title = "Napping against walking <i>"
plain = "Does a nap help more than a walk?"
population = ["tired"]
intervention = ["nap"]
comparator = ["walk"]
outcome = ["sleepiness"]
designs = ["rct"]
time_weeks = [4, 12]
measure = "SMD"
score = "post"
lower_is_better = true
mcid = 0.5
mcid_unit = "standard deviations"
mcid_source = "a guess"
arms = ["Nap", "Walk"]
favours = ["favours napping", "favours walking"]
caveats = ["#evil[typst] in a caveat"]

[[question]]
id = "nap.recovered"
title = "Recovery after naps"
plain = "How many recover?"
population = ["tired"]
intervention = ["nap"]
comparator = ["before"]
outcome = ["recovered"]
designs = ["single_group"]
measure = "PLO"
lower_is_better = false
arms = ["Recovered", ""]
favours = ["fewer recover", "more recover"]

[[question]]
id = "nap.nothing"
title = "#evil[typst] $x^2$ *bold* found nothing"
plain = "Is there anything?"
population = ["tired"]
intervention = ["nap"]
comparator = ["before"]
outcome = ["sleepiness"]
designs = ["rct"]
measure = "SMD"
lower_is_better = true
arms = ["Nap", "Before"]
favours = ["favours napping", "favours before"]
"""


FLOW = f"""
screened = 20
screened_out = 11
sought = 8
included = 7
acknowledged = {json.dumps(f"flow_sum: {SCRIPT} {TYPESET}")}
[excluded]
{json.dumps(JINJA)} = 1
[[sources]]
name = {json.dumps(f"{SCRIPT} {TYPESET}")}
last_search = 2024-03-01
"""


def _claim(key: str, statement: str, carried: str) -> str:
    return f"""
[[claim]]
id = "{key}"
section = "opening"
statement = {json.dumps(statement)}
population = "tired"
intervention = "nap"
comparator = "walk"
outcome = ["sleepiness"]
finding = "decreases"
relation = "describes"
certainty = "does"
rows = ["alpha2010.sleepiness.6w", "beta2012.sleepiness.6w", "gamma2014.sleepiness.6w"]
pools = ["review2022.sleepiness"]
questions = ["nap.sleepiness"]
carried = {json.dumps(carried)}
review_by = "2030-01-01"
figures = [{{ value = 0.60, role = "standardised_effect", unit = "" }}]
"""


CLAIMS = "".join(
    _claim(f"C{number:02}", statement, carried)
    for number, (statement, carried) in enumerate(
        ((SCRIPT, QUOTES), (FORMULA, FORMULA), (TYPESET.replace("#{", "# {"), RIGHT_TO_LEFT)), start=1
    )
)


def _table(folder: Path, package: dict[str, Any], name: str, rows: tuple[dict[str, str], ...]) -> None:
    resource = next(resource for resource in package["resources"] if resource["name"] == name)
    fields = [field["name"] for field in resource["schema"]["fields"]]
    with (folder / resource["path"]).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fields, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="session")
def nap_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nap")
    shutil.copy(ROOT / "data" / "datapackage.json", folder)
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    _table(folder, package, "studies", STUDIES)
    _table(folder, package, "published_pools", (POOL,))
    _table(folder, package, "instruments", (INSTRUMENT,))
    _table(folder, package, "reported_quality", (QUALITY,))
    _table(folder, package, "risk_of_bias", BIAS)
    (folder / "vocabulary.toml").write_text(VOCABULARY, encoding="utf-8")
    (folder / "questions.toml").write_text(QUESTIONS, encoding="utf-8")
    (folder / "claims.toml").write_text(CLAIMS, encoding="utf-8")
    (folder / "flow.toml").write_text(FLOW, encoding="utf-8")
    keys = {row["study_id"] for row in STUDIES} | {"review2022"}
    references = [
        {"id": key, "type": "article-journal", "title": f"On {SCRIPT} {TYPESET}", "author": [{"family": key.title()}]}
        for key in sorted(keys)
    ]
    (folder / "references.json").write_text(json.dumps(references), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def nap_evidence(nap_folder: Path) -> Evidence:
    return load_evidence(nap_folder)


@pytest.fixture(scope="session")
def nap_syntheses(nap_evidence: Evidence) -> tuple[Synthesis, ...]:
    return tuple(synthesise(nap_evidence, question) for question in nap_evidence.questions)


@pytest.fixture(scope="session")
def nap_verdicts(nap_evidence: Evidence, nap_syntheses: tuple[Synthesis, ...]) -> tuple[Verdict, ...]:
    return verdicts(nap_evidence, nap_syntheses)


@pytest.fixture(scope="session")
def nap_files(nap_evidence: Evidence) -> dict[str, bytes]:
    return report_files(nap_evidence)


@pytest.fixture(scope="session")
def bare_evidence(nap_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """A new evidence base: questions asked, not one row, no statement."""
    folder = tmp_path_factory.mktemp("bare")
    for name in ("datapackage.json", "vocabulary.toml", "questions.toml", "instruments.csv", "references.json"):
        shutil.copy(nap_folder / name, folder)
    header = (nap_folder / "studies.csv").read_text(encoding="utf-8").partition("\n")[0]
    (folder / "studies.csv").write_text(header + "\n", encoding="utf-8")
    return load_evidence(folder)


@pytest.fixture(scope="session")
def hostile_texts() -> tuple[str, ...]:
    return HOSTILE
