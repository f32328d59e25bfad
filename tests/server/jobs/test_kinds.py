"""The table of kinds has a row for each kind, and every row fits the rooms that use it."""

from __future__ import annotations

from typing import get_args

import pytest

from lipwright.server.ids import looks_like_id
from lipwright.server.jobs.batches import ENDED_EVENT
from lipwright.server.jobs.events import JobEvent
from lipwright.server.jobs.kinds import AUDIO_KINDS, KINDS, VIDEO_KINDS
from lipwright.server.jobs.model import JobKind, JobSpec
from lipwright.server.webhooks.events import EVENT_TYPES


def test_every_kind_has_a_row_and_a_spec() -> None:
    assert set(KINDS) == set(JobKind)
    specs = get_args(get_args(JobSpec)[0])
    assert sorted(spec.model_fields["kind"].default for spec in specs) == sorted(JobKind)


@pytest.mark.parametrize("kind", JobKind)
def test_the_ids_of_a_kind_are_accepted_in_paths(kind: JobKind) -> None:
    assert looks_like_id(KINDS[kind].new_id())


def test_the_events_of_all_kinds_are_those_that_a_webhook_can_ask_for() -> None:
    forms = [traits.form for traits in KINDS.values() if traits.form is not None]
    types = {f"{form.word}.{event}" for form in forms for event in JobEvent}
    assert {*types, ENDED_EVENT} == set(EVENT_TYPES)


def test_no_kind_is_shown_in_two_ways() -> None:
    assert not set(VIDEO_KINDS) & set(AUDIO_KINDS)
