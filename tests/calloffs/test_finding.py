"""Who finds which call-off."""

import pytest

from calloffs import finding
from framework.definitions.rules import NotFound


def test_a_call_off_that_is_not_there_is_not_found(session, cast):
    with pytest.raises(NotFound):
        finding.call_off(session, cast.visitor(session, "Asha"), "DP21-3-0001")
