"""The carried sentence: figures come through slots, and a slot that cannot be filled is a problem of the entry."""

from __future__ import annotations

import pytest

from hipevidence.claims import carried_problems, verdicts
from hipevidence.claims.carry import Shelf, carry
from hipevidence.errors import EvidenceError
from hipevidence.evidence import load_evidence
from hipevidence.synthesis import synthesise
from tests.claims.support import claim
from tests.support import CLAIM, POOL, Tiny, study

POOLS = {
    "p": {"estimate": "-1.5", "ci_low": "-2.3", "ci_high": "-0.8", "k_pooled": "3", "n_pooled": ""},
    "wide": {"estimate": "-0.20", "ci_low": "-0.71", "ci_high": "0.31"},
    "bare": {"estimate": "28", "ci_low": "", "ci_high": ""},
}
ROWS = {"r": {"effect": "2.50", "events1": "22", "n1": "24", "note": "{row:r#effect}"}}
SHELF = Shelf(rows=ROWS, pools=POOLS, answers={})


@pytest.mark.parametrize(
    ("slot", "filled"),
    [
        ("{pool:p#size}", "1.5"),
        ("{pool:p#size_ci}", "1.5 (95% CI 0.8 to 2.3)"),
        ("{pool:wide#size_ci}", "0.20 (95% CI −0.31 to 0.71)"),
        ("{pool:p#estimate}", "−1.5"),
        ("{pool:p#k_pooled}", "3"),
        ("{row:r#effect}", "2.50"),
        ("{row:r#percent}", "92%"),
    ],
)
def test_slots_are_filled_as_printed(slot, filled):
    assert carry(claim(carried=f"It was {slot}."), SHELF) == (f"It was {filled}.", ())


@pytest.mark.parametrize(
    ("slot", "why"),
    [
        ("{pool:nothing#size}", "There is no pool nothing."),
        ("{row:p#effect}", "There is no row p."),
        ("{pool:p#colour}", "There is no column colour."),
        ("{pool:p#n_pooled}", "The cell n_pooled is empty."),
        ("{pool:bare#size_ci}", "No interval is printed."),
        ("{pool:p#percent}", "It needs events1 and n1."),
        ("{question:q#size}", "There is no question q."),
        ("{pool p size}", "It is not written like a slot."),
        ("{pool:p#size", "It is not written like a slot."),
    ],
)
def test_a_slot_that_cannot_be_filled_is_a_problem(slot, why):
    _, (problem,) = carry(claim(carried=f"It was {slot}."), SHELF)
    assert (problem.file, problem.entry, problem.column, problem.level) == ("claims.toml", "C01", "carried", "error")
    assert problem.found in {f"{slot}: {why.removesuffix('.')}", f"{slot}.: {why.removesuffix('.')}"}
    assert problem.allowed
    assert problem.action


def test_what_a_slot_brings_in_is_not_read_as_a_slot():
    assert carry(claim(carried="Note: {row:r#note}."), SHELF) == ("Note: {row:r#effect}.", ())


def test_every_broken_slot_of_the_folder_is_reported_together(tmp_path):
    broken = CLAIM.replace("Nobody knows yet.", "It was {row:none#effect} and {pool:jones2022.sleep#k_pooled}.")
    evidence = load_evidence(Tiny(tmp_path / "data", claims=broken).write())
    assert len(carried_problems(evidence)) == 2
    with pytest.raises(EvidenceError) as caught:
        verdicts(evidence)
    assert caught.value.problems == carried_problems(evidence)


def test_a_question_gives_its_pooled_result(tmp_path):
    slots = "{question:tea.sleep#size_ci} from {question:tea.sleep#k} trials, {pool:jones2022.sleep#size}."
    claims = CLAIM.replace("Nobody knows yet.", slots).replace("rows =", 'questions = ["tea.sleep"]\nrows =')
    rows = [study(), study(row_id="x.sleep.6w", study_id="jones2022", sample_id="x", study="X", mean1_post="6.5")]
    evidence = load_evidence(Tiny(tmp_path / "data", studies=rows, claims=claims, published_pools=[POOL]).write())
    (verdict,) = verdicts(evidence)
    result = synthesise(evidence, "tea.sleep").primary.result
    assert result is not None
    assert verdict.carried.startswith(f"{abs(result.estimate):.2f} (95% CI ")
    assert verdict.carried.endswith("from 2 trials, 0.30.")
