"""Every number of netmeta 3.6-2 that is on file, for three published networks, and of exact conditional regression."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import linalg, optimize

from hipevidence.network import from_contrasts, network

# the peer's search of the multinomial likelihood stops 1e-5 from its maximum, where our gradient is 0
LIMITS = {"tau² (ML, REML; peer's covariance)": 1e-6, "counts, multinomial": 2e-5}


def test_every_number_agrees(compare):
    numbers = list(compare.numbers())
    worst = {}
    for number in numbers:
        if number.difference > LIMITS.get(number.what, 1e-8):
            worst[number.network, number.quantity] = (number.ours, number.theirs)
    assert not worst
    assert len(numbers) == 523


def test_senns_differences_had_four_decimals(compare):
    """Where one trial is all there is, the peer's standard error shows how it was entered."""
    values = compare.read("netmeta_values")["networks"]["Senn2013"]["DL"]["values"]
    arms = network(compare.load_arms("Senn2013"), tau2=0.0)
    alone = {"sita": 0.1291, "vild": 0.1273}
    for name, printed in alone.items():
        exact = arms.versus(name, "plac").se
        assert values[f"common se {name} vs plac"] == printed == round(exact, 4)
        assert abs(printed / exact - 1.0) > 1e-4


def test_senns_arms_without_rounding_give_the_same_to_four_digits(compare):
    values = compare.read("netmeta_values")["networks"]["Senn2013"]["DL"]["values"]
    result = network(compare.load_arms("Senn2013"), method="DL", reference="plac")
    # one rounded standard error is up to 6e-4 off; over 26 trials such errors average out to less than 1e-4
    assert [result.q, result.tau2] == pytest.approx([values["Q"], values["tau2"]], rel=1e-4)
    for name in result.treatments:
        if name != "plac":
            ours = result.versus(name, "plac")
            theirs = [values[f"random {what}{name} vs plac"] for what in ("", "se ")]
            assert [ours.estimate, ours.se] == pytest.approx(theirs, rel=1e-4)


def dense_restricted_likelihood(data):
    """Return minus the restricted log-likelihood of tau², written down with the whole covariance matrix."""
    place = {name: number for number, name in enumerate(data.treatments)}
    blocks, shared, designs, effects = [], [], [], []
    for trial in data.trials:
        size = len(trial.arms) - 1
        differences = np.hstack([-np.ones((size, 1)), np.eye(size)])
        design = np.zeros((size, len(place)))
        design[:, [place[arm] for arm in trial.arms]] = differences
        designs.append(design[:, 1:])
        effects.append(differences @ trial.values)
        blocks.append(differences @ trial.covariance @ differences.T)
        shared.append(0.5 * (np.eye(size) + 1.0))
    x, y = np.vstack(designs), np.concatenate(effects)
    v, s = linalg.block_diag(*blocks), linalg.block_diag(*shared)

    def minus_likelihood(tau2):
        total = v + tau2 * s
        inverse = np.linalg.inv(total)
        information = x.T @ inverse @ x
        residual = y - x @ np.linalg.solve(information, x.T @ inverse @ y)
        logs = np.linalg.slogdet(total)[1] + np.linalg.slogdet(information)[1]
        return 0.5 * (logs + residual @ inverse @ residual)

    return minus_likelihood


@pytest.mark.parametrize("name", ["Senn2013", "smokingcessation", "Woods2010"])
def test_reml_is_the_maximum_of_the_dense_likelihood(compare, name):
    data = compare.load(name)
    result = network(data, method="REML")
    minus_likelihood = dense_restricted_likelihood(data)
    best = optimize.minimize_scalar(minus_likelihood, bounds=(0.0, 3.0), method="bounded", options={"xatol": 1e-12})
    assert result.tau2 == pytest.approx(best.x, rel=1e-5)  # a minimiser finds half the digits of its function
    assert minus_likelihood(result.tau2) <= best.fun + 1e-12 * abs(best.fun)
    assert result.certificate.proven


@pytest.mark.parametrize("method", ["REML", "ML", "DL", "PM", "HE", "SJ"])
def test_gls_on_baseline_contrasts_agrees(compare, method):
    for name in ("Senn2013", "smokingcessation", "Woods2010"):
        assert network(compare.load(name), method=method).certificate.gls_difference < 1e-11


def test_netmetas_reml_depends_on_which_difference_it_leaves_out(compare):
    """With the sampling covariance of the three-arm trial put in, the choice does not matter."""
    table = compare.senn_contrasts()
    trial = next(trial for trial in compare.load("Senn2013").trials if trial.name == "Willms (1999)")
    place = {arm: number for number, arm in enumerate(trial.arms)}
    own = [row for row, study in enumerate(table["study"]) if study == "Willms (1999)"]
    right, wrong = [], []
    for skipped in own:
        keep = [row for row in range(len(table["study"])) if row != skipped]
        picked = [row for row in own if row != skipped]
        differences = np.zeros((2, 3))
        for line, row in enumerate(picked):
            differences[line, place[table["treatment1"][row]]] = 1.0
            differences[line, place[table["treatment2"][row]]] = -1.0
        covariance = differences @ trial.covariance @ differences.T
        columns = {name: [values[row] for row in keep] for name, values in table.items()}
        for given, found in ((covariance, right), (np.diag(np.diag(covariance)), wrong)):
            found.append(network(from_contrasts(**columns, covariances={"Willms (1999)": given})).tau2)
    assert right == pytest.approx([network(compare.load("Senn2013")).tau2] * 3, rel=1e-8)
    assert sorted(round(value, 5) for value in wrong) == [0.09993, 0.10105, 0.10112]
