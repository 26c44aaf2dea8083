"""Claims with pictures that can be looked at: rendered kettles, redacted copies drawn by the real painter."""

from __future__ import annotations

from dataclasses import asdict
from functools import lru_cache
from typing import Any

from recoup.cli.sample import scenes
from recoup.domain.claims import actions as claims
from recoup.domain.claims.claim_file import read_file
from recoup.domain.claims.models import Claim
from recoup.domain.claims.tests import factories
from recoup.domain.claims.tests.factories import Source, fresh, once
from recoup.domain.evidence import actions as evidence
from recoup.domain.evidence.actions import Redrawn
from recoup.domain.evidence.models import CaptureSession, Photo
from recoup.domain.returns import actions as returns
from recoup.domain.returns.models import ReturnLine
from recoup.domain.returns.tests import factories as returned
from recoup.foundation.files import actions as files
from recoup.kit import ids
from recoup.kit.actor import SYSTEM
from recoup.vision import redact, views
from recoup.vision.decode import decode
from recoup.vision.redact import Cover

ADDRESS = ("Cora Customer", "Long Road 1", "10115 Berlin", "+49 30 1234567")
SHOTS = ("overall", "close_up", "packaging")
COVERS = {
    "packaging": Cover(kind="label", box=(560, 1090, 780, 550), why="a shipping label", confidence=0.97),
    "overall": Cover(kind="face", box=(1050, 240, 260, 320), why="a face in a mirror", confidence=0.81),
}

HALF = Cover(kind="label", box=(580, 1100, 740, 150), why="a shipping label", confidence=0.97)
LEFT = {"kind": "text", "box": [620, 1262, 290, 56], "text": "10115 Berlin", "why": "read by the second look"}


@lru_cache(maxsize=8)
def taken(shot: str, *, half: bool = False) -> tuple[bytes, dict[str, bytes], bytes, list[dict[str, Any]]]:
    """(original, views, outgoing copy, covers) of a shot; drawn once. ``half``: the label is covered in part only."""
    data = scenes.scene(shot, serial="K17-000123", address=ADDRESS)
    pixels = decode(data).pixels
    shown = {"screen": views.derive(pixels, 900), "thumb": views.derive(pixels, 240, quality=80)}
    covers = [HALF] if half else [COVERS[shot]] if shot in COVERS else []
    made = redact.apply(pixels, covers=covers)
    return data, shown, made.encoded, [asdict(cover) for cover in made.covers]


def photo(session: CaptureSession, shot: str) -> Photo:
    data, shown, _, _ = taken(shot)
    file = files.store(data=data, key=session.key, purpose="photo", media_type="image/jpeg", retention="original")
    made = Photo.objects.create(
        session=session,
        client_id=ids.new(),
        file=file,
        sha256=file.sha256,
        shot=shot,
        position=session.photos.count() + 1,
    )
    judged = evidence.Judged(
        media_type="image/jpeg", width=1512, height=2016, phash=7, result="accept", rules_version="1", views=shown,
        sentence="Sharp and bright enough.",
    )  # fmt: skip
    evidence.judge(photo=made, judged=judged)
    return made


def approved(source: Source, *shots: str) -> ReturnLine:
    """A return of this batch with real pictures, approved."""
    sold = source.sold()
    link = returned.link(sold.order)
    for shot in shots or SHOTS:
        photo(link.session, shot)
    choice = returns.Choice(order_line_id=sold.pk, defect_type=source.defect.code, words="The rim has a crack.")
    case = returns.submit(link=link, choice=choice, at=factories.NOW, actor=returned.CUSTOMER)
    ReturnLine.objects.filter(return_case=case).update(batch=source.batch, batch_how="scanned")
    line = case.lines.get()
    returns.approve(
        line=line, remedy="refund", reason="clear", at=factories.NOW, actor=returned.agent("agent"), goods_back=False
    )
    return line


@once
def gathered(source: Source | None = None, *, lines: int = 2) -> Claim:
    source = source or Source()
    found = [claims.gather(return_line=approved(source), at=factories.NOW, actor=SYSTEM) for _ in range(lines)]
    assert found[-1] is not None
    return fresh(found[-1])


def redacted(claim: Claim, *, residue: bool = False) -> Claim:
    """A copy of every photo, as the flow lays them out; ``residue``: a word is left to read on the first packaging."""
    made = []
    for filed in read_file(claim).photos:
        half = residue and filed.shot == "packaging"
        _, _, encoded, covers = taken(filed.shot, half=half)
        left = [LEFT] if half else []
        made.append((filed.photo_id, Redrawn(encoded=encoded, rules_version="redact-1", covers=covers, residue=left)))
    claims.lay_out_copies(claim=claim, made=made, actor=SYSTEM)
    return fresh(claim)


@once
def ready(source: Source | None = None) -> Claim:
    claim = factories.signed(redacted(gathered(source)))
    claims.decide(claim=claim, answer="yes", why="The same crack at the rim in every photo.", actor=factories.QUALITY)
    claims.make_ready(claim=claim, at=factories.NOW, actor=factories.QUALITY)
    return fresh(claim)


@once
def sent(source: Source | None = None) -> tuple[Claim, str]:
    """(claim, the secret of the supplier's link)."""
    claim = ready(source)
    claims.approve(claim=claim, boundary=factories.boundary(claim), at=factories.NOW, actor=factories.buyer())
    packet = claims.build_packet(claim=fresh(claim), actor=SYSTEM)
    secret = claims.send(packet=packet, at=factories.NOW, actor=SYSTEM)
    return fresh(claim), secret
