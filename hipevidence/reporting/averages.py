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


def averages(synthesis: Synthesis) -> tuple[str, ...]:
    """Return what the pooled difference of an answer means for 100 people; empty where it is not from trials."""
    result = synthesis.primary.result
    is_difference = synthesis.question.measure in {"SMD", "MD"}
    if result is None or not is_difference or not {row.design for row in synthesis.rows} <= GIVEN_OUT:
        return ()
    return (NOBODY_COUNTED, *_standing(synthesis))


def _standing(synthesis: Synthesis) -> tuple[str, ...]:
    """Return where the average of one group stands in the other, for standardised differences (Cohen's U3)."""
    result = synthesis.primary.result
    if result is None or synthesis.question.measure != "SMD" or not result.ci.exists:
        return ()
    sign = -1.0 if synthesis.lower_is_better else 1.0
    ends = sorted((sign * result.ci.low, sign * result.ci.high))
    found = u3(sign * result.estimate, *ends, level=result.ci.level)
    share, low, high = (count_of(x, 100) for x in (cast("float", found.value), found.ci.low, found.ci.high))
    first, second = map(mid_sentence, synthesis.question.arms)
    ci = f"{fmt.coverage(result.ci.level)} CI {fmt.count(low)} to {fmt.count(high)}"
    sentence = (
        f"If scores were normal and equally spread in both groups, which no row shows, the average person with {first} "
        f"would do better than about {fmt.count(share)} of 100 with {second} ({ci}); with no difference it would be 50."
    )
    return (sentence,)
