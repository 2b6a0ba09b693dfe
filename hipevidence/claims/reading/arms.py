"""Which of two groups a figure of one group belongs to."""

from __future__ import annotations

import dataclasses
import itertools
import re
from typing import TYPE_CHECKING, Final

from hipevidence.claims.reading.figure import ONE_GROUP, Figure
from hipevidence.claims.reading.levels import FROM
from hipevidence.claims.reading.resources import ONSET

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hipevidence.claims.reading.frame import Frame
    from hipevidence.claims.reading.lexicon import Mention

ALONE: Final = re.compile(
    r"[^,;.\d]{0,50}?\b(?:alone|on (?:its|their) own|by (?:itself|themselves)|without (?:it|them|the \w+))\b",
    re.IGNORECASE,
)


def with_arms(text: str, found: list[Figure], frame: Frame) -> list[Figure]:
    """Give figures of one group to the group that stands nearest to them."""
    if frame.intervention and any(one.key.startswith(ONSET) for one in frame.outcomes):
        found = [
            dataclasses.replace(one, arm=2)
            if one.role == "proportion_percent" and FROM.search(text[: one.start])
            else one
            for one in found
        ]
    groups = [
        (mention, 2 if mention.section == "comparator" else 1)
        for mention in frame.mentions
        if mention.key != "baseline"
        if (mention.section == "comparator" and mention.key == frame.comparator)
        or (mention.section == "intervention" and mention.key in {frame.intervention, frame.comparator})
    ]
    groups = [(mention, 2 if mention.key == frame.comparator else 1) for mention, _ in groups]
    if not {1, 2} <= {arm for _, arm in groups}:
        return found
    placed = _without_the_other(text, list(found))
    if placed != found:
        return placed
    ones = [index for index, one in enumerate(found) if one.role in ONE_GROUP]
    in_turn = _take_turns([found[index] for index in ones], groups)
    for index in ones:
        arm = _group_before(found[index], groups) if in_turn else _nearest_arm(text, found[index], groups)
        placed[index] = dataclasses.replace(found[index], arm=arm)
    for one, other in itertools.pairwise(ones):
        if placed[one].role == placed[other].role and placed[one].arm == placed[other].arm == 2:
            placed[one] = dataclasses.replace(placed[one], arm=1)
    pairs = [index for index, one in enumerate(placed) if one.role == "mean_difference"]
    if len(pairs) == 2 and re.fullmatch(
        r"[^.;]{0,12}?\s*(?:and|against|versus|vs\.?)\s+", text[placed[pairs[0]].end : placed[pairs[1]].start]
    ):
        for arm, index in enumerate(pairs, start=1):
            placed[index] = dataclasses.replace(placed[index], role="point_change", arm=arm)
    return placed


def _take_turns(figures: Sequence[Figure], groups: Sequence[tuple[Mention, int]]) -> bool:
    """Return whether a text names a group, then its figure, then the other group and its figure."""
    firsts = {arm: min(mention.start for mention, one in groups if one == arm) for arm in (1, 2)}
    first, second = sorted(firsts.values())
    return len(figures) == 2 and first < figures[0].start < second < figures[1].start


def _group_before(figure: Figure, groups: Sequence[tuple[Mention, int]]) -> int:
    return max((mention.start, arm) for mention, arm in groups if mention.start < figure.start)[1]


def _without_the_other(text: str, found: list[Figure]) -> list[Figure]:
    """Return figures of which the one told of "... alone" belongs to the comparison group, where two are told."""
    alone = [
        index
        for index, one in enumerate(found)
        if one.role in ONE_GROUP and ALONE.match(text[one.end :]) and sum(one.role == other.role for other in found) > 1
    ]
    return [dataclasses.replace(one, arm=2) if index in alone else one for index, one in enumerate(found)]


def _nearest_arm(text: str, figure: Figure, groups: list[tuple[Mention, int]]) -> int:
    def distance(mention: Mention) -> float:
        if mention.start >= figure.end:
            between = text[figure.end : mention.start]
            return len(between) + (60 if re.search(r"\d", between) else 0)
        between = text[mention.end : figure.start]
        return len(between) + 15 + (60 if re.search(r"\d", between) else 0)

    return min(groups, key=lambda pair: distance(pair[0]))[1]
