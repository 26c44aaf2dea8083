"""The return verifies itself: checks, proposal, and what policy lets happen without a person."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from recoup.domain.catalogue import actions as catalogue
from recoup.domain.catalogue.models import Batch, Product, ProductPicture
from recoup.domain.defects.models import KnownPattern
from recoup.domain.evidence import actions as evidence
from recoup.domain.evidence.models import CatalogueMatch, Photo, Reuse
from recoup.domain.orders.models import LineSerial, OrderLine
from recoup.domain.returns import actions
from recoup.domain.returns.models import Check, Decision, LinePhoto, Policy, ReturnLine
from recoup.domain.returns.starter import FIRST_POLICY
from recoup.domain.returns.tests import factories as make
from recoup.foundation.facts.models import Fact
from recoup.foundation.files import actions as stored
from recoup.foundation.files import queries as files
from recoup.kit import ids
from recoup.kit.actor import SYSTEM
from recoup.kit.refusal import NotAllowed

pytestmark = pytest.mark.django_db


def verified(line: ReturnLine, at: datetime.datetime = make.NOW) -> dict[str, str]:
    """Check → result of the latest run."""
    run = actions.verify(return_case=line.return_case, at=at, actor=SYSTEM)
    line.refresh_from_db()
    return dict(line.checks.filter(run=run).values_list("code", "result"))


def facts_told() -> list[str]:
    return list(Fact.objects.order_by("told_at").values_list("name", flat=True))


def test_a_clear_case_is_approved_by_itself() -> None:
    line = make.submitted()
    assert verified(line) == {
        "identity": "pass", "quantity": "pass", "warranty": "pass",
        "serial": "not_applicable", "pattern": "not_applicable", "evidence": "pass", "reuse": "pass",
        "product": "not_applicable",
    }  # fmt: skip
    case, remedy = line.return_case, line.remedies.get()
    assert (line.decision, line.goods, line.evidence) == ("approved", "awaiting", "locked")
    assert (remedy.kind, remedy.state, remedy.amount_minor, remedy.currency) == ("refund", "approved", 4990, "EUR")
    assert case.rma_number and case.waiting_for == "goods" and case.decided_at == make.NOW
    assert facts_told()[-1] == "ReturnLineApproved"
    proposal, decision = line.decisions.order_by("created_at")
    assert (proposal.verb, proposal.proposal, proposal.policy_row) == ("propose", "approve", 7)
    assert (decision.verb, decision.policy_row, decision.run, decision.actor_kind) == ("approve", 7, 1, "system")
    assert case.links.get().session.state == "closed"


def test_the_checks_and_their_facts_are_kept() -> None:
    line = make.submitted()
    verified(line)
    warranty = line.checks.get(code="warranty")
    assert warranty.facts["candidates"][0]["starts"] == "2025-03-13" and "covered until" in warranty.sentence
    assert next(check.code for check in line.checks.order_by("position")) == "identity"


def test_the_first_policy_is_installed_once_and_a_new_version_counts() -> None:
    verified(make.submitted())
    assert Policy.objects.get().version == 1
    rows: list[dict[str, Any]] = [{"row": 1, "when": {}, "then": "agent", "because": "Holidays are over."}]
    actions.publish_policy(rows=rows, at=make.NOW, actor=make.agent("quality"))
    line = make.submitted()
    verified(line)
    assert line.decision == "open" and line.decisions.get().reason == "Holidays are over."
    assert line.decisions.filter(policy__version=2).count() == 1


def test_a_policy_with_an_unreachable_row_is_not_published() -> None:
    with pytest.raises(actions.PolicyUnfit, match="Row 12 can never be reached"):
        extra = {"row": 12, "when": {}, "then": "agent", "because": "b"}
        actions.publish_policy(rows=[*FIRST_POLICY, extra], at=make.NOW, actor=SYSTEM)
    with pytest.raises(NotAllowed):
        actions.publish_policy(rows=FIRST_POLICY, at=make.NOW, actor=make.agent("agent"))
    assert not Policy.objects.exists()


def test_a_missing_shot_is_asked_for_kindly_and_by_itself() -> None:
    line = make.submitted(shots=("overall",))
    assert verified(line)["evidence"] == "fail"
    ask = line.decisions.get(verb="ask")
    assert ask.shots == ["close_up"] and ask.actor_kind == "system"
    assert (line.evidence, line.decision, line.return_case.waiting_for) == ("needs_more", "open", "customer")
    assert line.return_case.deadline_at == make.NOW + datetime.timedelta(days=14)
    assert line.return_case.links.get().session.state == "open"
    assert facts_told()[-1] == "MorePhotosAsked"


def test_the_photo_we_asked_for_decides_the_case_once_it_is_sent() -> None:
    line = make.submitted(shots=("overall",))
    verified(line)
    session = line.return_case.links.get().session
    for _ in range(2):  # "Both sides, please": after the first good one there is room for the second
        assert actions.photo_judged(photo=make.photo(session, "close_up"), at=make.NOW, actor=SYSTEM) == 0
        session.refresh_from_db()
        line.return_case.refresh_from_db()
        assert (session.state, line.return_case.waiting_for) == ("open", "customer")
    make.sent_again(line)
    verified(line)
    assert line.decision == "approved" and line.photos.count() == 3


def test_another_photo_than_the_one_asked_for_waits_until_the_customer_sends() -> None:
    line = make.submitted(shots=("overall",))
    verified(line)
    link = line.return_case.links.get()
    other = make.photo(link.session, "packaging")
    assert actions.photo_judged(photo=other, at=make.NOW, actor=SYSTEM) == 0
    line.return_case.refresh_from_db()
    assert line.return_case.waiting_for == "customer"
    make.sent_again(line)
    assert facts_told()[-1] == "EvidenceChanged"
    verified(line)
    # Asked once by itself; the second time a person looks.
    assert line.decisions.filter(verb="ask").count() == 1 and line.return_case.waiting_for == "agent"


def test_it_waits_while_a_photo_is_not_judged() -> None:
    line = make.submitted(judged="")
    assert actions.verify(return_case=line.return_case, at=make.NOW, actor=SYSTEM) == 0
    first, second = (each.photo for each in line.photos.order_by("photo__position"))
    make.judge(first)
    assert actions.photo_judged(photo=first, at=make.NOW, actor=SYSTEM) == 0
    make.judge(second)
    assert actions.photo_judged(photo=second, at=make.NOW, actor=SYSTEM) == 1
    line.refresh_from_db()
    assert line.decision == "approved"


def test_a_photo_of_a_link_without_a_return_changes_nothing() -> None:
    link = make.link(make.order())
    assert actions.photo_judged(photo=make.photo(link.session, "overall"), at=make.NOW, actor=SYSTEM) == 0
    assert not Check.objects.exists()


def test_a_better_photo_takes_the_place_of_the_blurred_one() -> None:
    line = make.submitted(shots=("overall",), of_defect=make.defect("overall"), judged="retake")
    assert verified(line)["evidence"] == "fail"
    session = line.return_case.links.get().session
    make.photo(session, "overall")
    make.sent_again(line)
    verified(line)
    assert line.decision == "approved"
    assert line.checks.get(run=2, code="evidence").facts["photos"] == 1


def test_sent_anyway_reaches_a_person() -> None:
    line = make.submitted(shots=("overall", "overall"), of_defect=make.defect("overall"), judged="retake")
    last = line.photos.get(photo__superseded_by=None).photo
    evidence.send_anyway(photo=last, actor=make.CUSTOMER)
    assert verified(line)["evidence"] == "unsure"
    assert line.return_case.waiting_for == "agent" and line.evidence == "sufficient"


def test_an_unclear_case_reaches_an_agent_with_a_deadline() -> None:
    line = make.to_agent()
    proposal = line.decisions.get()
    assert (proposal.proposal, proposal.policy_row, proposal.amount_minor) == ("agent", 11, 4990)
    assert line.return_case.waiting_for == "agent"
    assert line.return_case.deadline_at == make.NOW + datetime.timedelta(days=2)


def test_a_stop_pattern_reaches_an_agent_first() -> None:
    order_line = make.order_line()
    line = make.submitted(order_line)
    KnownPattern.objects.create(code="KP-1", sentence="The handle breaks.", action="stop", product=order_line.product)
    assert verified(line)["pattern"] == "fail"
    assert line.return_case.priority == 1
    assert line.return_case.deadline_at == make.NOW + datetime.timedelta(hours=4)


@pytest.mark.parametrize(
    ("pattern", "hit"),
    [
        ({}, True),
        ({"batch": "24-117"}, True),
        ({"batch": "24-118"}, False),
        ({"serial_from": "K17-000100", "serial_to": "K17-000200"}, True),
        ({"serial_from": "K17-000124"}, False),
        ({"serial_to": "K17-000122"}, False),
        ({"sold_from": datetime.date(2025, 1, 1), "sold_to": datetime.date(2025, 12, 31)}, True),
        ({"sold_to": datetime.date(2025, 1, 1)}, False),
        ({"active": False}, False),
    ],
)
def test_whom_a_known_pattern_touches(pattern: dict[str, Any], hit: bool) -> None:
    order_line = make.order_line(serial="K17-000123")
    if number := pattern.get("batch"):
        pattern = {"batch": Batch.objects.get_or_create(product=order_line.product, number=number)[0]}
    KnownPattern.objects.create(
        code="KP", sentence="It cracks.", action="approve", product=order_line.product, **pattern
    )
    line = make.submitted(order_line, serial="K17-000123")
    verified(line)
    again = actions.verify(return_case=line.return_case, at=make.NOW, actor=SYSTEM)
    assert again == 0
    assert line.checks.get(run=1, code="pattern").result == ("pass" if hit else "not_applicable")


def test_the_serial_tells_unit_and_batch() -> None:
    line = make.submitted(make.order_line(serial="K17-000123"), serial="k17-000123")
    assert verified(line)["serial"] == "pass"
    assert line.serial is not None and line.batch is not None
    assert (line.serial.number, line.batch.number, line.batch_how) == ("K17-000123", "24-117", "declared")


def test_a_serial_read_from_a_photo_counts_when_none_was_typed() -> None:
    order_line = make.order_line(serial="K17-000123")
    link = make.link(order_line.order)
    make.photo(link.session, "overall", codes=("4006381333931", "K17-000123"))
    choice = actions.Choice(order_line_id=order_line.pk, defect_type=make.defect("overall").code)
    line = actions.submit(link=link, choice=choice, at=make.NOW, actor=make.CUSTOMER).lines.get()
    assert verified(line)["serial"] == "pass" and line.batch_how == "scanned"


def test_a_serial_sold_to_somebody_else_or_claimed_already_is_found() -> None:
    order_line = make.order_line(serial="K17-000123")
    other = make.order_line(sold=order_line.product)
    assert verified(make.submitted(other, serial="K17-000123"))["serial"] == "fail"
    LineSerial.objects.all().delete()
    again = make.submitted(order_line, serial="K17-000123")
    assert verified(again)["serial"] == "fail"
    assert "is already in return R-" in again.checks.get(code="serial").sentence


def test_a_sum_that_does_not_add_up_is_looked_at_before_money_moves() -> None:
    order = make.order(notes=[{"code": "arithmetic.total", "severity": "hold", "sentence": "The sums differ."}])
    line = make.submitted(make.order_line(order))
    assert verified(line)["quantity"] == "unsure" and line.decision == "open"


def test_every_run_is_kept_and_a_decided_line_is_not_judged_again() -> None:
    line = make.to_agent()
    Product.objects.filter(order_lines=line.order_line).update(warranty_plan="legal")
    assert verified(line)["warranty"] == "pass"
    assert list(Check.objects.filter(code="warranty").order_by("run").values_list("run", "result")) == [
        (1, "unsure"),
        (2, "pass"),
    ]
    assert line.decision == "approved"
    assert verified(line) == {} and Decision.objects.filter(verb="approve").count() == 1


def test_a_blind_return_waits_for_its_order_and_wakes() -> None:
    line = make.blind()
    results = verified(line)
    assert results["identity"] == "unsure" and line.return_case.waiting_for == "order"
    order_line = make.order_line()
    actions.attach_order(
        return_case=line.return_case, order=order_line.order, lines={line.pk: order_line}, how="agent",
        at=make.NOW, actor=make.agent(),
    )  # fmt: skip
    assert facts_told()[-1] == "EvidenceChanged"
    assert verified(line)["identity"] == "pass" and line.decision == "approved"


def test_an_order_found_by_a_typed_number_never_pays_by_itself() -> None:
    line, order_line = make.blind(), make.order_line()
    lines = {line.pk: order_line}
    actions.attach_order(
        return_case=line.return_case, order=order_line.order, lines=lines, how="number", at=make.NOW, actor=SYSTEM
    )
    assert (
        verified(line)["identity"] == "unsure" and line.decision == "open" and line.return_case.waiting_for == "agent"
    )
    # An agent confirms it, or names another order.
    actions.attach_order(
        return_case=line.return_case, order=order_line.order, lines=lines, how="agent", at=make.NOW, actor=make.agent()
    )
    with pytest.raises(actions.OrderKnownAlready):
        actions.attach_order(
            return_case=line.return_case,
            order=order_line.order,
            lines=lines,
            how="agent",
            at=make.NOW,
            actor=make.agent(),
        )


def test_a_blind_return_cannot_take_what_is_gone() -> None:
    order_line = make.order_line()
    make.submitted(order_line, quantity=2)
    line = make.blind()
    with pytest.raises(actions.NotLeftOnOrder):
        actions.attach_order(
            return_case=line.return_case, order=order_line.order, lines={line.pk: order_line}, how="agent",
            at=make.NOW, actor=make.agent(),
        )  # fmt: skip
    line.return_case.refresh_from_db()
    assert line.return_case.order is None


def seen_before(line: ReturnLine, other: ReturnLine) -> None:
    """The line's first photo is the other's, with other bytes."""
    photo, earlier = (each.photos.order_by("photo__position").first().photo for each in (line, other))
    Reuse.objects.create(photo=photo, earlier=earlier, exact=False, inliers=60, agreeing=0.97)


class TestAPhotoThatCameBefore:
    def test_it_goes_to_a_person_who_reads_where(self) -> None:
        other = make.submitted()
        line = make.submitted()
        seen_before(line, other)
        assert verified(line)["reuse"] == "unsure"
        check, proposal = line.checks.get(code="reuse"), line.decisions.get()
        assert other.return_case.number in check.sentence and "The overall photo came before" in check.sentence
        assert (proposal.verb, proposal.proposal, proposal.policy_row) == ("propose", "agent", 9)
        assert line.decision == "open" and line.return_case.waiting_for == "agent"

    def test_whoever_came_first_is_not_held_up(self) -> None:
        other, line = make.submitted(), make.submitted()
        seen_before(line, other)
        assert verified(other)["reuse"] == "pass" and other.decision == "approved"

    def test_the_same_bytes_count_before_anybody_compared_them(self) -> None:
        other, line = make.submitted(), make.submitted()
        shot = other.photos.get(shot="close_up").photo
        data = files.read(shot.file)
        session = line.return_case.links.get().session
        file = stored.store(data=data, key=session.key, purpose="photo", media_type="image/jpeg", retention="original")
        twin = Photo.objects.create(
            session=session, client_id=ids.new(), file=file, sha256=shot.sha256, shot="close_up", position=3
        )
        make.judge(twin)
        LinePhoto.objects.create(line=line, photo=twin, shot="close_up")
        assert verified(line)["reuse"] == "unsure"
        assert line.checks.get(code="reuse").facts["seen_before"] == [
            {"shot": "close_up", "case": other.return_case.number}
        ]

    def test_a_photo_of_the_same_return_is_its_own_affair(self) -> None:
        line = make.submitted()
        one, two = (each.photo for each in line.photos.order_by("photo__position"))
        Reuse.objects.create(photo=two, earlier=one, exact=False)
        assert verified(line)["reuse"] == "pass"


def shows(photo: Photo, product: Product, points: int = 48) -> None:
    CatalogueMatch.objects.create(photo=photo, product=product, inliers=points, share=0.8, box=[10, 20, 300, 400])


class TestAPhotoThatLooksLikeTheCatalogue:
    """An order of a kettle and a lamp; the kettle comes back."""

    @pytest.fixture
    def line(self) -> ReturnLine:
        order = make.order()
        kettle = make.order_line(order, sold=make.product(sku="KTL-17", name="Copper Kettle"))
        make.order_line(order, sold=make.product(sku="L-2", name="Lamp"))
        catalogue.add_picture(product=kettle.product, data=b"\xff\xd8\xff a kettle", actor=SYSTEM)
        return make.submitted(kettle)

    def of(self, line: ReturnLine, shot: str = "overall") -> Photo:
        photo: Photo = line.photos.get(shot=shot).photo
        return photo

    def test_of_what_comes_back_it_stands_in_nobody_s_way(self, line: ReturnLine) -> None:
        shows(self.of(line), Product.objects.get(sku="KTL-17"))
        assert verified(line)["product"] == "pass" and line.decision == "approved"
        assert "overall photo shows the Copper Kettle (KTL-17)" in line.checks.get(code="product").sentence

    def test_of_another_product_it_goes_to_a_person_who_reads_why(self, line: ReturnLine) -> None:
        shows(self.of(line), Product.objects.get(sku="L-2"))
        assert verified(line)["product"] == "unsure"
        check, proposal = line.checks.get(code="product"), line.decisions.get()
        assert "more like the Lamp (L-2) than the Copper Kettle (KTL-17): ask or check." in check.sentence
        assert check.facts == {"photos_like_the_catalogue": [{"shot": "overall", "sku": "L-2", "points": 48}]}
        assert (proposal.verb, proposal.proposal, proposal.policy_row) == ("propose", "agent", 10)
        assert line.decision == "open" and line.return_case.waiting_for == "agent"

    def test_without_a_picture_of_what_comes_back_nothing_is_called_more_like(self, line: ReturnLine) -> None:
        catalogue.remove_picture(picture=ProductPicture.objects.get(), actor=SYSTEM)
        shows(self.of(line), Product.objects.get(sku="L-2"))
        assert verified(line)["product"] == "unsure"
        said = "looks like the Lamp (L-2) of the same order; the Copper Kettle (KTL-17) has no picture to compare with"
        assert said in line.checks.get(code="product").sentence

    def test_a_photo_that_was_replaced_counts_no_more(self, line: ReturnLine) -> None:
        old = self.of(line)
        shows(old, Product.objects.get(sku="L-2"))
        Photo.objects.filter(pk=old.pk).update(superseded_by=self.of(line, "close_up"))
        assert verified(line)["product"] == "not_applicable"

    def test_both_come_back_in_one_case(self, line: ReturnLine) -> None:
        lamp = OrderLine.objects.get(sku="L-2")
        ReturnLine.objects.create(return_case=line.return_case, order_line=lamp, defect_type=line.defect_type)
        shows(self.of(line), lamp.product)
        assert verified(line)["product"] == "pass"
