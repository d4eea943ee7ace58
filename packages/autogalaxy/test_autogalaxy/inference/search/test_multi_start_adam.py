import pytest

from autoarray import exc
from autogalaxy.inference import MultiStartAdam


def test_an_analysis_without_gradients_is_refused_in_one_sentence(points):
    search = MultiStartAdam(show_progress=False)

    with pytest.raises(exc.SearchException, match=r"wants exact gradients: AnalysisOf\(\.\.\., use_jax=True\)"):
        search.fit(points.model(), points.AnalysisOf(points.gaussian))


def test_a_rate_that_is_no_length_is_said():
    with pytest.raises(exc.SearchException, match="learning_rate=0.0, but wants a number above zero"):
        MultiStartAdam(learning_rate=0.0)
    assert MultiStartAdam(learning_rate=0.02).learning_rate == 0.02
