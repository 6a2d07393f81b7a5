"""Every sentence of the language that says what the mechanics do, as a case; by section."""

from tests.oracle import (
    sentences_activities,
    sentences_conditions,
    sentences_following,
    sentences_limits,
    sentences_order,
    sentences_payouts,
    sentences_readings,
    sentences_sections,
)
from tests.oracle.case import Case

CASES: tuple[Case, ...] = (
    *sentences_activities.CASES,
    *sentences_payouts.CASES,
    *sentences_conditions.CASES,
    *sentences_limits.CASES,
    *sentences_sections.CASES,
    *sentences_following.CASES,
    *sentences_order.CASES,
    *sentences_readings.CASES,
)
