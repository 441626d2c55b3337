"""A caller who trusts the generated client's types: it makes a meeting, finds it, changes it, and comes too late."""

import json
import sys
from datetime import date
from uuid import UUID

from minutes_client import AuthenticatedClient
from minutes_client.api.meetings import create_meeting, list_meetings, update_meeting
from minutes_client.models import MeetingIn, MeetingKind, MeetingOut, MeetingPatch, PageMeetingOut, Problem
from minutes_client.types import Unset


def main(url: str, key: str, host: str) -> None:
    """Print what it was told."""
    with AuthenticatedClient(
        url, key, prefix="", auth_header_name="X-API-Key", raise_on_unexpected_status=True
    ) as client:
        wanted = MeetingIn(host_organization_id=UUID(host), title="Giao ban", held_on=date(2025, 9, 4))
        made = create_meeting.sync_detailed(client=client, body=wanted)
        assert isinstance(made.parsed, MeetingOut)
        first, identity = made.headers["ETag"], made.parsed.id
        found = list_meetings.sync(
            client=client, host_organization_id=[UUID(host)], kind=[MeetingKind.QUARTERLY_BRIEFING]
        )
        assert isinstance(found, PageMeetingOut)
        changed = update_meeting.sync(
            identity, client=client, body=MeetingPatch(location="Hội trường"), if_match=first
        )
        assert isinstance(changed, MeetingOut)
        late = update_meeting.sync(identity, client=client, body=MeetingPatch(location=None), if_match=first)
        assert isinstance(late, Problem)
        assert not isinstance(late.current_version, Unset)
        told = {
            "made": {"id": str(identity), "held_on": made.parsed.held_on.isoformat(), "tag": first},
            "found": [str(one.id) for one in found.items],
            "changed": {"version": changed.version, "location": changed.location},
            "late": {"status": late.status, "code": late.code.value, "version": late.current_version},
        }
        sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
