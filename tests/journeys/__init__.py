"""Whole stories, told through HTTP alone: from an empty database to what somebody wanted in the end."""

import pytest

pytest.register_assert_rewrite("tests.journeys.commune")
