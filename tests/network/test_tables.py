"""Results as data frames: one row a comparison, at full precision."""

from __future__ import annotations

import numpy as np

from hipevidence.network import comparison_adjusted_funnel, network, rank, split


def test_the_network_as_a_table_is_every_treatment_against_the_reference(senn):
    result = network(senn, reference="plac")
    table = result.to_frame()
    assert table["treatment"].tolist() == [name for name in result.treatments if name != "plac"]
    for row in table.itertuples():
        comparison = result.versus(row.treatment, "plac")
        assert (row.estimate, row.se, row.low, row.high) == (
            comparison.estimate,
            comparison.se,
            comparison.ci.low,
            comparison.ci.high,
        )
        assert (row.prediction_low, row.prediction_high) == (comparison.prediction.low, comparison.prediction.high)
    assert np.isnan(result.against(model="common").prediction_low).all()
    assert "rosi" in result._repr_html_()


def test_splits_points_and_ranks_have_a_row_each(senn):
    result = network(senn, method="DL")
    assert split(result).to_frame()["indirect"].dtype == float
    assert len(split(result).to_frame()) == 15
    assert len(comparison_adjusted_funnel(result, order=result.treatments).to_frame()) == 28
    ranks = rank(result, smaller_is_better=True, draws=64).to_frame()
    assert ranks["treatments"].tolist() == list(result.treatments)
    assert len(ranks.loc[0, "probabilities"]) == 10


def test_one_comparison_is_one_row(hott):
    frame = network(hott).versus("hip", "none").to_frame()
    assert frame.loc[0, "ci_low"] == network(hott).versus("hip", "none").ci.low
