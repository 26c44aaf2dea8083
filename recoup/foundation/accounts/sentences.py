"""What the audit trail says about staff, links and one-time codes."""

from __future__ import annotations

SENTENCES = {
    "staff.created": "{actor} added a member of staff with the roles: {roles}.",
    "staff.first_admin": "{actor} set up this installation and became its first admin.",
    "staff.roles_set": "{actor} changed the roles from {was} to {roles}.",
    "staff.limit_set": "{actor} set the approval limit to {limit}.",
    "staff.deactivated": "{actor} closed this account.",
    "staff.reactivated": "{actor} opened this account again.",
    "link.minted": "{actor} made a {purpose} link that works until {expires_at}.",
    "link.revoked": "{actor} withdrew this {purpose} link.",
    "code.asked": "{actor} asked for a one-time code.",
    "code.made": "{actor} made the one-time code; it is good until {expires_at}.",
    "code.wrong": "{actor} typed a code that does not fit; {left} tries are left.",
    "code.used": "{actor} typed the right one-time code.",
}
