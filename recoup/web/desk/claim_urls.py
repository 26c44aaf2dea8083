"""The addresses of claims, their files and sign-off; part of ``desk:``."""

from __future__ import annotations

from django.urls import path

from recoup.web.desk.views import claim_lines, claim_money, claim_parts, claims, signoff

urlpatterns = [
    path("claims/", claims.listing, name="claims"),
    path("claims/gather/<uuid:line_id>/", claims.gather, name="claim_gather"),
    path("claims/<str:number>/", claims.page, name="claim"),
    path("claims/<str:number>/watch/", claims.watch, name="claim_watch"),
    path("claims/<str:number>/decide/", claim_parts.decide, name="claim_decide"),
    path("claims/<str:number>/ready/", claim_parts.make_ready, name="claim_ready"),
    path("claims/<str:number>/back/", claim_parts.go_back, name="claim_back"),
    path("claims/<str:number>/lines/<uuid:line_id>/keep/", claim_lines.keep, name="claim_line_keep"),
    path("claims/<str:number>/lines/<uuid:line_id>/out/", claim_lines.take_out, name="claim_line_out"),
    path("claims/<str:number>/drop/", claim_lines.drop, name="claim_drop"),
    path("claims/<str:number>/approve/", claim_parts.approve, name="claim_approve"),
    path("claims/<str:number>/refuse/", claim_parts.refuse, name="claim_refuse"),
    path("claims/<str:number>/documents/<str:kind>/enter/", claim_parts.enter, name="claim_enter"),
    path("claims/<str:number>/documents/<str:kind>/upload/", claim_parts.upload, name="claim_upload"),
    path("claims/<str:number>/files/<uuid:file_id>/", claim_parts.document, name="claim_document"),
    path("claims/<str:number>/packets/<uuid:packet_id>/", claim_parts.packet, name="packet"),
    path("claims/<str:number>/packets/<uuid:packet_id>/link/", claim_parts.link, name="claim_link"),
    path("claims/<str:number>/packets/<uuid:packet_id>/revoke/", claim_parts.revoke, name="claim_revoke"),
    path("claims/<str:number>/ask/", claim_parts.ask, name="claim_ask"),
    path("claims/<str:number>/questions/<uuid:question_id>/", claim_parts.answer_question, name="claim_question"),
    path("claims/<str:number>/answers/", claim_parts.answer, name="claim_answer"),
    path("claims/<str:number>/recoveries/", claim_money.record, name="claim_record"),
    path("claims/<str:number>/recoveries/proposal/", claim_money.proposal, name="claim_proposal"),
    path("claims/<str:number>/recoveries/<uuid:recovery_id>/match/", claim_money.match, name="claim_match"),
    path("claims/<str:number>/write-off/", claim_money.write_off, name="claim_write_off"),
    path("claims/<str:number>/closeout/", claim_money.closeout, name="claim_closeout"),
    path("claims/<str:number>/close/", claim_money.close, name="claim_close"),
    path("claims/<str:number>/reopen/", claim_money.reopen, name="claim_reopen"),
    path("claims/<str:number>/settle/", claim_money.settle, name="claim_settle"),
    path("claims/<str:number>/signoff/", signoff.page, name="signoff"),
    path("claims/<str:number>/signoff/<uuid:copy_id>/sign/", signoff.sign, name="signoff_sign"),
    path("claims/<str:number>/signoff/<uuid:copy_id>/reject/", signoff.reject, name="signoff_reject"),
    path("claims/<str:number>/signoff/<uuid:copy_id>/covers/", signoff.cover, name="signoff_cover"),
    path("claims/<str:number>/originals/<uuid:photo_id>.jpg", signoff.original, name="signoff_original"),
    path("claims/<str:number>/copies/<uuid:copy_id>.jpg", signoff.redacted, name="redacted_photo"),
]
