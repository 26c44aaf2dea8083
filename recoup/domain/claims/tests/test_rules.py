"""The pure decisions, each case of each."""

from __future__ import annotations

import datetime
import uuid
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.domain.claims.rules import answers, boundary, questions
from recoup.domain.claims.rules.amounts import Match, OpenLine, claimed, not_matchable, propose_matches
from recoup.domain.claims.rules.answers import LineAnswer, LineMoney, Standing
from recoup.domain.claims.rules.boundary import Boundary
from recoup.domain.claims.rules.changes import content_hash, diff_fields, said
from recoup.domain.claims.rules.closeout import CloseoutLines, FileFacts, draft
from recoup.domain.claims.rules.names import cell, file_name, part, spoken
from recoup.domain.claims.rules.rates import rate
from recoup.domain.claims.rules.sufficiency import LineFacts, Missing, PhotoFacts, SupplierRules, missing, read_rules
from recoup.domain.claims.states import CLAIM_MOVES, CLOSEOUT_LINES
from recoup.kit.money import Money

A, B, C = (uuid.UUID(int=n) for n in (1, 2, 3))
DAY = datetime.date(2025, 6, 2)


class TestAmounts:
    def test_a_line_is_worth_its_cost_and_the_agreed_handling(self) -> None:
        assert claimed(quantity=3, unit_cost=Money(850, "USD")) == Money(2550, "USD")
        assert claimed(quantity=3, unit_cost=Money(850, "USD"), handling_minor=50) == Money(2700, "USD")
        with pytest.raises(ValueError):
            claimed(quantity=0, unit_cost=Money(850, "USD"))

    def test_an_exact_line_comes_first_then_the_oldest(self) -> None:
        old, mid, new = (
            OpenLine(A, 500, DAY),
            OpenLine(B, 300, DAY + datetime.timedelta(1)),
            OpenLine(C, 300, DAY + datetime.timedelta(2)),
        )
        assert propose_matches([new, mid, old], 300).matches == (Match(B, 300),)
        assert propose_matches([new, mid, old], 700).matches == (Match(A, 500), Match(B, 200))
        assert propose_matches([new, mid, old], 1200).unmatched_minor == 100
        assert propose_matches([], 5) == propose_matches([OpenLine(A, 0, DAY)], 5)

    @given(st.lists(st.integers(0, 1000), max_size=6), st.integers(1, 5000))
    def test_no_cent_is_lost_and_no_line_gets_too_much(self, opens: list[int], amount: int) -> None:
        lines = [OpenLine(uuid.UUID(int=n), open_minor, DAY) for n, open_minor in enumerate(opens)]
        found = propose_matches(lines, amount)
        assert sum(match.amount_minor for match in found.matches) + found.unmatched_minor == amount
        room = {line.line_id: line.open_minor for line in lines}
        assert all(0 < match.amount_minor <= room[match.line_id] for match in found.matches)
        assert len({match.line_id for match in found.matches}) == len(found.matches)
        if found.matches:
            assert not not_matchable(found.matches, left_minor=amount, open_by_line=room)

    @pytest.mark.parametrize(
        ("matches", "word"),
        [
            ([], "needs a line"),
            ([Match(A, 0)], "above zero"),
            ([Match(C, 5)], "does not belong"),
            ([Match(A, 60), Match(B, 60)], "more than is left"),
            ([Match(A, 40), Match(A, 40)], "more than is open"),
        ],
    )
    def test_what_cannot_be_matched_is_said(self, matches: list[Match], word: str) -> None:
        assert word in not_matchable(matches, left_minor=100, open_by_line={A: 50, B: 70})


class TestChanges:
    def test_the_six_deciding_fields_come_first_and_are_marked(self) -> None:
        was = {"party": "Li", "quantity": "3", "rows": [1], "gone": "x"}
        now = {"party": "Li", "quantity": "4", "rows": [1, 2], "value": "9.00 USD"}
        found = diff_fields(was, now)
        assert [(each.field, each.marked) for each in found] == [
            ("quantity", True),
            ("value", True),
            ("gone", False),
            ("rows", False),
        ]
        assert (found[0].was, found[0].now) == ("3", "4")
        assert diff_fields(was, was) == ()

    def test_equal_content_has_an_equal_hash_in_any_order(self) -> None:
        assert content_hash({"a": 1, "b": "ü"}) == content_hash({"b": "ü", "a": 1}) != content_hash({"a": 2, "b": "ü"})

    def test_values_are_said_in_one_line(self) -> None:
        assert said([{"case": "R-1", "note": "", "unit_cost": 3}, "x"]) == "case R-1, unit cost 3; x"
        assert said(None) == ""


GOOD_PHOTO = PhotoFacts("overall", "signed")


def line(*photos: PhotoFacts, quantity: int = 1) -> LineFacts:
    return LineFacts(A, "R-1", quantity, 850 * quantity, photos or (GOOD_PHOTO,))


def codes(found: tuple[Missing, ...]) -> list[str]:
    return [each.code for each in found]


class TestSufficiency:
    def ask(
        self, *lines: LineFacts, received: datetime.date | None = None, contact: bool = True, **rules: object
    ) -> list[str]:
        return codes(missing(lines, SupplierRules(**rules), received=received, today=DAY, has_contact=contact))  # type: ignore[arg-type]

    def test_enough_is_enough(self) -> None:
        assert self.ask(line(), required_shots=("overall",), minimum_quantity=1, minimum_minor=850) == []

    @pytest.mark.parametrize(
        ("photos", "code"),
        [
            ((PhotoFacts("overall", "none"),), "not_redacted"),
            ((PhotoFacts("overall", "proposed"),), "unsigned"),
            ((PhotoFacts("overall", "rejected"),), "all_rejected"),
        ],
    )
    def test_each_photo_has_to_be_signed_or_rejected(self, photos: tuple[PhotoFacts, ...], code: str) -> None:
        assert self.ask(line(*photos)) == [code]

    def test_a_rejected_photo_beside_a_signed_one_is_left_out(self) -> None:
        assert self.ask(line(GOOD_PHOTO, PhotoFacts("close_up", "rejected"))) == []

    def test_a_line_without_photos_and_a_claim_without_lines(self) -> None:
        assert codes(
            missing([LineFacts(A, "R-1", 1, 1, ())], SupplierRules(), received=None, today=DAY, has_contact=True)
        ) == ["no_photos"]
        assert self.ask() == ["no_lines"]

    def test_what_the_supplier_asks_for(self) -> None:
        assert self.ask(line(), required_shots=("overall", "serial_label")) == ["shot_missing"]
        assert self.ask(line(PhotoFacts("serial_label", "rejected"), GOOD_PHOTO), required_shots=("serial_label",)) == [
            "shot_missing"
        ]
        assert self.ask(line(), minimum_quantity=2) == ["below_quantity"]
        assert self.ask(line(), minimum_minor=851) == ["below_value"]

    @pytest.mark.parametrize(
        ("days_ago", "found"), [(731, "deadline_passed"), (729, "deadline_near"), (700, None), (730, "deadline_near")]
    )
    def test_deadlines_are_said_early_and_do_not_block(self, days_ago: int, found: str | None) -> None:
        received = DAY - datetime.timedelta(days=days_ago)
        assert self.ask(line(), received=received, deadline_days=730) == ([found] if found else [])
        told = missing([line()], SupplierRules(deadline_days=730), received=received, today=DAY, has_contact=True)
        assert not any(each.blocks for each in told)

    def test_no_contact_is_said_and_does_not_block(self) -> None:
        assert self.ask(line(), contact=False) == ["no_contact"]

    def test_rules_are_read_with_their_defaults(self) -> None:
        assert read_rules({}) == SupplierRules()
        assert read_rules({"required_shots": ["overall"], "deadline_days": 30}).deadline_days == 30


def money(claimed_minor: int = 100, accepted: int = 0, recovered: int = 0, lost: int = 0) -> LineMoney:
    return LineMoney(claimed_minor, accepted, recovered, lost)


class TestAnswers:
    @pytest.mark.parametrize(
        ("verdict", "amount", "reason", "standing", "code"),
        [
            ("accept", 0, "", money(), ""),
            ("partial", 60, "we pay 60", money(), ""),
            ("partial", 100, "all", money(), ""),
            ("dispute", 0, "not ours", money(), ""),
            ("question", 0, "which lot?", money(), ""),
            ("maybe", 0, "x", money(), "unknown_verdict"),
            ("partial", 101, "x", money(), "more_than_claimed"),
            ("partial", 0, "x", money(), "nothing_accepted"),
            ("partial", -5, "x", money(), "nothing_accepted"),
            ("partial", 60, " ", money(), "reason_missing"),
            ("dispute", 0, "", money(), "reason_missing"),
            ("question", 0, "", money(), "reason_missing"),
            ("dispute", 0, "x", money(accepted=50, recovered=50), "below_recovered"),
            ("partial", 40, "x", money(accepted=50, recovered=50), "below_recovered"),
            ("accept", 0, "", money(lost=100), "line_settled"),
        ],
    )
    def test_what_is_wrong_with_an_answer(
        self, verdict: str, amount: int, reason: str, standing: LineMoney, code: str
    ) -> None:
        assert answers.wrong(LineAnswer(A, verdict, amount, reason), standing) == code

    def test_a_question_changes_no_money(self) -> None:
        assert answers.accepted_by(LineAnswer(A, "question", 0, "?"), money(accepted=30)) == 30
        assert answers.accepted_by(LineAnswer(A, "dispute", 0, "no"), money(accepted=30)) == 0

    @pytest.mark.parametrize(
        ("verdicts", "accepted", "asks", "we_ask", "goal"),
        [
            (("accept", "accept"), 100, False, False, "accepted"),
            (("accept", "partial"), 80, False, False, "partly_accepted"),
            (("accept", "dispute"), 50, False, False, "partly_accepted"),
            (("dispute", "dispute"), 0, False, False, "disputed"),
            (("accept", ""), 50, False, False, "acknowledged"),
            (("accept", "question"), 50, True, False, "question_open"),
            (("accept", "question"), 50, False, False, "acknowledged"),
            (("", ""), 0, False, True, "question_open"),
            (("accept", "accept"), 100, True, False, "question_open"),
            (("accept", "accept"), 100, False, True, "accepted"),
        ],
    )
    def test_where_answers_lead(
        self, verdicts: tuple[str, ...], accepted: int, asks: bool, we_ask: bool, goal: str
    ) -> None:
        assert answers.target(Standing(verdicts, accepted, 100, asks, we_ask)) == goal

    def test_every_path_from_every_answerable_state_is_legal(self) -> None:
        standings = [
            Standing(verdicts, accepted, 100, asks, we_ask, recovered)
            for verdicts, accepted, asks, we_ask, recovered in product(
                [("accept",), ("partial",), ("dispute",), ("question",), ("",)],
                [0, 50, 100],
                [False, True],
                [False, True],
                [0, 50],
            )
        ]
        for state, standing in product(answers.ANSWERABLE, standings):
            at = state
            for verb in answers.verbs(state, standing):
                at = CLAIM_MOVES.next(at, verb)
            goal = answers.target(standing)
            settled = goal in ("accepted", "partly_accepted", "disputed")
            assert at == ("recovering" if settled and standing.recovered_minor else goal), (state, standing)


class TestBoundary:
    NOW = datetime.datetime(2025, 6, 2, tzinfo=datetime.UTC)

    def problem(self, limit: Money | None = None, claimed_minor: int = 1700, **about: object) -> str:
        values: dict[str, object] = {
            "purchase_order": "PO-1", "document_version": 2, "amount": Money(1700, "USD"),
            "expires_at": self.NOW + datetime.timedelta(days=7),
        }  # fmt: skip
        given_boundary = Boundary(**values | about)  # type: ignore[arg-type]
        return boundary.problem(
            given_boundary,
            purchase_order="PO-1",
            document_version=2,
            claimed=Money(claimed_minor, "USD"),
            limit=limit,
            now=self.NOW,
        )

    @pytest.mark.parametrize(
        ("about", "word"),
        [
            ({}, ""),
            ({"purchase_order": "PO-2"}, "PO-1"),
            ({"document_version": 1}, "version 2"),
            ({"expires_at": datetime.datetime(2025, 6, 2, tzinfo=datetime.UTC)}, "ended before it began"),
            ({"evidence_due_date": datetime.date(2025, 6, 1)}, "has passed"),
            ({"amount": Money(1699, "USD")}, "more than the boundary"),
            ({"amount": Money(1700, "EUR")}, "claim is in USD"),
            ({"step": "anything"}, "Choose a step"),
            ({"kind": "forever"}, "Choose a step"),
            ({"limit": Money(1699, "USD")}, "above your limit"),
            ({"limit": Money(999999, "EUR")}, "limit is set in EUR"),
            ({"limit": Money(1700, "USD")}, ""),
        ],
    )
    def test_what_a_boundary_must_hold(self, about: dict[str, object], word: str) -> None:
        found = self.problem(**about)  # type: ignore[arg-type]
        assert word in found if word else found == ""

    def test_it_is_said_in_one_sentence(self) -> None:
        told = boundary.said(
            Boundary(
                "PO-1", 2, Money(1700, "USD"), self.NOW, evidence_due="carton photo", evidence_due_date=DAY
            ).stored()
        )
        assert told == (
            "To send the packet on PO-1, claim summary version 2, up to 17.00 USD, for this shipment only; "
            "still due: carton photo by 2025-06-02."
        )


class TestNames:
    @pytest.mark.parametrize(
        ("text", "safe"),
        [
            ("PO 4500/17", "PO-4500-17"),
            ("Müller & Söhne GmbH", "Muller-Sohne-GmbH"),
            ("../../etc/passwd", "etc-passwd"),
            ("惠州", "x"),
            ("", "x"),
            ("a\x00b\nc", "a-b-c"),
            ("x" * 100, "x" * 40),
            ("CON.", "CON"),
        ],
    )
    def test_parts_are_safe_on_every_system(self, text: str, safe: str) -> None:
        assert part(text) == safe

    def test_a_name_says_what_it_is(self) -> None:
        name = file_name(purchase_order="PO_1", supplier="Li", document="Claim Packet", approved=DAY, extension="zip")
        assert name == "PO-1_Li_Claim-Packet_2025-06-02.zip"
        assert file_name(
            purchase_order="PO_1", supplier="Li", document="x", approved=DAY, extension="zip", version=2
        ).endswith("_v2.zip")

    @pytest.mark.parametrize(
        ("name", "said"),
        [("Huizhou Kettle Works", "Huizhou Kettle Works"), ("Müller & Søn", "Müller & Søn"), ("深圳灯具有限公司", "SZ-7"),
         ("深圳灯具有限公司 Ltd", "SZ-7"), ("Фабрика", "SZ-7"), ("", "SZ-7"), ("A" * 300, "A" * 300)],
    )  # fmt: skip
    def test_who_cannot_be_written_in_ascii_is_called_by_code(self, name: str, said: str) -> None:
        assert spoken(name, "SZ-7") == said

    @given(st.text(), st.text(), st.text())
    def test_no_name_leaves_its_folder(self, order: str, supplier: str, document: str) -> None:
        name = file_name(purchase_order=order, supplier=supplier, document=document, approved=DAY, extension="pdf")
        assert name.count("_") == 3 and len(name) < 200
        assert not set(name) & set('/\\:*?"<>|\x00 ') and name.isascii() and not name.startswith((".", "-"))

    @pytest.mark.parametrize("bad", ["=1+1", "+1", "-1", "@x", "\tx"])
    def test_no_cell_is_a_formula(self, bad: str) -> None:
        assert cell(bad) == "'" + bad
        assert cell("R-1") == "R-1"


def test_rates_are_said_or_unknown() -> None:
    assert rate(3, 250) == "1.2 % of 250 shipped (12,000 PPM)"
    assert rate(3, None) == rate(3, 0) == "rate unknown"


def test_only_specific_questions_are_offered() -> None:
    assert questions.sentence("carton_photo", "Batch 24-117.").endswith("as it left your works. Batch 24-117.")
    with pytest.raises(KeyError):
        questions.sentence("what_happened")


class TestCloseout:
    FILE = FileFacts(
        supplier="Li", purchase_order="PO-1", batch="24-117", products="K-1", defect="It is cracked", quantity=3, claimed="25.50 USD",
        accepted="20.00 USD", recovered="20.00 USD", written_off="5.50 USD", has_written_off=True, explanations=["wrong glue", "wrong glue"],
        verdicts=["accept", "partial", "accept"], signed_photos=6, documents=9, packet_sha256="ab" * 32, boundary="To send.", decision_why="Same crack.",
        references=["credit note CN-1"], changed_fields=["quantity"],
    )  # fmt: skip

    def test_six_lines_from_the_file(self) -> None:
        lines = draft(self.FILE)
        assert list(lines.as_dict()) == CLOSEOUT_LINES and not lines.empty_lines() and not lines.too_long()
        assert "wrong glue" in lines.supplier_explanation and lines.supplier_explanation.count("wrong glue") == 1
        assert "2 × accept, 1 × partial" in lines.supplier_explanation
        assert "credit note CN-1" in lines.next_control and "5.50 USD" in lines.next_control
        assert "quantity" in lines.affected_field

    def test_empty_and_long_lines_are_named(self) -> None:
        lines = CloseoutLines("x", " ", "x", "x" * 401, "x", "x")
        assert lines.empty_lines() == ["affected_field"] and lines.too_long() == ["evidence_reviewed"]
