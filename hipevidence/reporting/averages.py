"""What averaged scores of trials say of 100 people: not how many get better, but where a group stands in the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from hipevidence import format as fmt
from hipevidence.personal_risk.counted import GIVEN_OUT
from hipevidence.risk import count_of, u3
from hipevidence.synthesis.wording import mid_sentence

if TYPE_CHECKING:
    from hipevidence.synthesis import Synthesis

NOBODY_COUNTED: Final = (
    "Scores were averaged, and none of these results counts who got better in both groups: how many more of 100 get "
    "better is not known."
)
#: Of 100, how many the average person does better than where there is no difference.
NO_DIFFERENCE: Final = 50


def averages(synthesis: Synthesis) -> tuple[str, ...]:
    """Return what the pooled difference of an answer means for 100 people; empty where it is not from trials."""
    result = synthesis.primary.result
    is_difference = synthesis.question.measure in {"SMD", "MD"}
    if result is None or not is_difference or not {row.design for row in synthesis.rows} <= GIVEN_OUT:
        return ()
    return (NOBODY_COUNTED, *_sentence(synthesis))


def standing(synthesis: Synthesis) -> tuple[int, int, int] | None:
    """Return how many of 100 of the other group the average person does better than, with its limits (Cohen's U3).

    ``None`` for anything but a standardised difference from trials.
    """
    result = synthesis.primary.result
    from_trials = {row.design for row in synthesis.rows} <= GIVEN_OUT
    if result is None or synthesis.question.measure != "SMD" or not result.ci.exists or not from_trials:
        return None
    sign = -1.0 if synthesis.lower_is_better else 1.0
    ends = sorted((sign * result.ci.low, sign * result.ci.high))
    found = u3(sign * result.estimate, *ends, level=result.ci.level)
    return (
        count_of(cast("float", found.value), 100),
        count_of(found.ci.low, 100),
        count_of(found.ci.high, 100),
    )


def _sentence(synthesis: Synthesis) -> tuple[str, ...]:
    found = standing(synthesis)
    if found is None:
        return ()
    share, low, high = map(fmt.count, found)
    first, second = map(mid_sentence, synthesis.question.arms)
    ci = f"{fmt.coverage(synthesis.question.level)} CI {low} to {high}"
    sentence = (
        f"If scores were normal and equally spread in both groups, which no row shows, the average person with {first} "
        f"would do better than about {share} of 100 with {second} ({ci}); with no difference it would be "
        f"{NO_DIFFERENCE}."
    )
    return (sentence,)
