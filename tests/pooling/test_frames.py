"""Many groups of a table at once give what one group at a time gives."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hipevidence.errors import InputError
from hipevidence.frames import pool_many
from hipevidence.pooling import pool


def table_of(sizes, seed=0):
    generator = np.random.default_rng(seed)
    group = np.repeat(np.arange(len(sizes)), sizes)
    vi = generator.uniform(0.02, 0.3, len(group))
    frame = pd.DataFrame({"group": group, "yi": generator.normal(0.2, np.sqrt(vi + 0.1)), "vi": vi})
    return frame.sample(frac=1.0, random_state=1)


def test_groups_of_any_size():
    sizes = [1, 2, 3, 5, 9, 40, 2, 17]
    table = table_of(sizes)
    result = pool_many(table, ["group"]).set_index("group")
    for group, size in enumerate(sizes):
        rows = table[table["group"] == group]
        single = pool(rows["yi"], rows["vi"])
        assert result.loc[group, "k"] == size
        for name in ("estimate", "se", "tau2", "i2", "q"):
            assert result.loc[group, name] == pytest.approx(getattr(single, name), rel=1e-9, abs=1e-14, nan_ok=True)
        assert result.loc[group, "reason"] == single.reason


def test_groups_keep_the_order_of_the_table():
    table = pd.DataFrame({"a": ["z", "y", "z", "x"], "b": [1, 1, 1, 2], "yi": [0.1, 0.2, 0.3, 0.4], "vi": [0.1] * 4})
    result = pool_many(table, ["a", "b"], ci="wald")
    assert result[["a", "b", "k"]].to_numpy().tolist() == [["z", 1, 2], ["y", 1, 1], ["x", 2, 1]]
    assert result["estimate"].tolist() == pytest.approx([0.2, 0.2, 0.4])


def test_a_bad_row_spoils_its_group_only():
    table = table_of([3, 3, 3])
    table.loc[table.index[table["group"] == 1][0], "vi"] = -1.0
    result = pool_many(table, ["group"]).set_index("group")
    assert np.isnan(result.loc[1, "estimate"])
    assert "variance -1" in result.loc[1, "reason"]
    assert np.isfinite(result.loc[[0, 2], "estimate"]).all()


def test_other_column_names_and_options():
    table = table_of([4, 4]).rename(columns={"yi": "effect", "vi": "variance"})
    result = pool_many(table, ["group"], yi="effect", vi="variance", method="DL", ci="wald")
    rows = table[table["group"] == 0]
    single = pool(rows["effect"], rows["variance"], method="DL", ci="wald")
    assert result.set_index("group").loc[0, "ci_high"] == pytest.approx(single.ci.high, rel=1e-12)


@pytest.mark.parametrize(("by", "yi"), [(["nothing"], "yi"), (["group"], "nothing"), ([], "yi")])
def test_missing_columns_are_named(by, yi):
    with pytest.raises(InputError, match="found no column"):
        pool_many(table_of([2]), by, yi=yi)
