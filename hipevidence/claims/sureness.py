"""Whether a carried sentence is surer than the certainty of the answers it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hipevidence.certainty import Certainty, rate
from hipevidence.claims.documents import as_document
from hipevidence.claims.plain import wording
from hipevidence.claims.reading import read_statements

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hipevidence.claims.reading import Resources
    from hipevidence.evidence import Evidence
    from hipevidence.synthesis import Synthesis

#: Kinds of statement that say what a treatment does; the others tell what studies found, or what goes together.
EFFECTS: Final = frozenset({"causes", "promises"})
#: Lowest certainty at which the wording of an effect may be used.
NEEDED: Final = {"may": Certainty.LOW, "does": Certainty.MODERATE, "always": Certainty.HIGH}


def too_sure(
    evidence: Evidence, sentences: Mapping[str, str], resources: Resources, answers: Mapping[str, Synthesis]
) -> dict[str, str]:
    """Return the statements whose carried sentence is surer than the evidence, with what is too sure and why.

    Parameters
    ----------
    evidence
        The tables.
    sentences
        Statement id to carried sentence.
    resources
        What the reader of texts knows.
    answers
        Question id to answer.

    Returns
    -------
    dict of str to str
        Statement id to a sentence; empty when all are in order.

    Notes
    -----
    What a sentence says a treatment does is held to the surest of the questions that its entry names for the same
    outcome: "does" takes moderate certainty, "always" high, "may" low. What it tells of a study is not: that is past.

    References
    ----------
    Santesso N, et al. GRADE guidelines 26. J Clin Epidemiol 2020;119:126-135. doi:10.1016/j.jclinepi.2019.10.014
    """
    sure = {key: wording(rate(evidence, answer), answer) for key, answer in answers.items()}
    found = {}
    for claim in evidence.claims:
        for said in read_statements(as_document(sentences[claim.id], claim.id, "txt"), resources):
            same = [key for key in claim.questions if set(answers[key].question.outcome) & set(said.claim.outcome)]
            surest = max(same, key=sure.__getitem__, default="")
            if surest and said.claim.relation in EFFECTS and sure[surest] < NEEDED[said.claim.certainty]:
                found[claim.id] = (
                    f"“{said.text}” says what a treatment does, surer than its evidence: the certainty of {surest} is "
                    f"{sure[surest].word}. Say what the studies found, or “may” where it is low."
                )
    return found
