"""Changing the figure of one item flips the verdict of the statements that rest on it and of no others."""

from __future__ import annotations

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from hipevidence.claims import judge
from tests.claims.support import claim, context, figure, pool

sizes = st.integers(min_value=3, max_value=99).map(lambda tenths: tenths / 10)


@given(st.lists(sizes, min_size=2, max_size=5), st.data())
def test_one_changed_figure_flips_only_its_own_statement(values, data):
    claims = [claim(figures=({"value": value, "role": "mean_difference"},)) for value in values]
    items = [pool(id=f"p{n}", figures=(figure(value=-value),)) for n, value in enumerate(values)]
    target = data.draw(st.integers(0, len(values) - 1))
    other = data.draw(sizes.filter(lambda size: round(size, 1) != round(values[target], 1)))
    changed = dataclasses.replace(items[target], figures=(figure(value=-other),))
    for n, (one, item) in enumerate(zip(claims, items, strict=True)):
        assert judge(one, [item], context()).verdict == "supported"
        after = judge(one, [changed if n == target else item], context())
        assert (after.verdict == "supported") is (n != target)


@given(st.permutations(["a", "b", "c"]))
def test_the_order_of_the_evidence_does_not_decide_the_verdict(order):
    items = {
        "a": pool(),
        "b": pool(id="b", comparator=("nothing",), figures=(figure(value=-3.3),)),
        "c": pool(id="c", finding="no_difference", figures=()),
    }
    verdict = judge(claim(), [items[key] for key in order], context())
    assert (verdict.verdict, set(verdict.codes)) == ("overstated", {"null_or_contrary_left_out"})
