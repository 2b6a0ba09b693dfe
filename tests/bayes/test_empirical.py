"""The empirical priors are proper distributions with the median that their parameters say."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate

from hipevidence.bayes import EMPIRICAL_PRIORS, empirical_prior
from hipevidence.errors import InputError


@pytest.mark.parametrize("name", list(EMPIRICAL_PRIORS))
def test_each_is_a_distribution_with_its_median_at_the_centre(name):
    prior = empirical_prior(name)
    center = np.log(prior.center)

    def density(u):
        return float(np.exp(prior.log_density(np.array([u]))[0] + u))

    below = integrate.quad(density, -np.inf, center, epsabs=1e-10)[0]
    above = integrate.quad(density, center, np.inf, epsabs=1e-10)[0]
    assert (below, above) == pytest.approx((0.5, 0.5), abs=1e-7)


def test_unknown_name():
    with pytest.raises(InputError, match="turner-2015-general"):
        empirical_prior("turner")
