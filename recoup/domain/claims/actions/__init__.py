"""Every write to claims, by noun: gathering, documents, redaction, deciding, packets, rooms, answering, questions,
trimming, recovering, closing."""

from recoup.domain.claims.actions.answering import answer, counter_evidence
from recoup.domain.claims.actions.closing import close, reopen, settle_again, write_closeout
from recoup.domain.claims.actions.deciding import approve, decide, expire_boundaries, go_back, make_ready, refuse
from recoup.domain.claims.actions.documents import enter_version, gather_documents, upload_version
from recoup.domain.claims.actions.gathering import gather
from recoup.domain.claims.actions.packets import (
    assemble_packet,
    build_packet,
    new_link,
    revoke_link,
    room_address,
    send,
)
from recoup.domain.claims.actions.questions import answer_question, ask_question
from recoup.domain.claims.actions.recovering import match, record_recovery, write_off
from recoup.domain.claims.actions.redaction import cover_again, lay_out_copies, reject, sign_off
from recoup.domain.claims.actions.rooms import enter_room
from recoup.domain.claims.actions.trimming import drop, keep_line, take_out

__all__ = [
    "answer",
    "answer_question",
    "approve",
    "ask_question",
    "assemble_packet",
    "build_packet",
    "close",
    "counter_evidence",
    "cover_again",
    "decide",
    "drop",
    "enter_room",
    "enter_version",
    "expire_boundaries",
    "gather",
    "gather_documents",
    "go_back",
    "keep_line",
    "lay_out_copies",
    "make_ready",
    "match",
    "new_link",
    "record_recovery",
    "refuse",
    "reject",
    "reopen",
    "revoke_link",
    "room_address",
    "send",
    "settle_again",
    "sign_off",
    "take_out",
    "upload_version",
    "write_closeout",
    "write_off",
]
