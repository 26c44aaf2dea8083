"""Checks every promise of this installation: files against hashes, ledger sums, audit chain, moves, keys.

When “recoup demo” was played here, the demo's own company is checked too, after yours.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

from recoup.cli import demo
from recoup.cli.out import Out
from recoup.foundation.database.findings import Finding

Check = Callable[[], Iterator[Finding]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--only", action="store_true", help="this installation alone, not the demo's company too")


def run(args: argparse.Namespace) -> int:
    """Print one line per promise, and one per broken one; exit 1 when any is broken."""
    from recoup.conf import start

    start.ready()
    return _check(args.out) | (0 if args.only else _demo_too(args.out))


def _demo_too(out: Out) -> int:
    """The same for the company that “recoup demo” left behind, in a process of its own."""
    folder = demo.demo_folder()
    if not (folder / "postgres").exists():
        return 0
    out.say(f"\nThe demo's company, in {folder}:")
    words = [sys.executable, "-m", "recoup", "verify", "--only", *(["--json"] if out.as_json else [])]
    return 1 if subprocess.run(words, env=demo.environment(folder), check=False).returncode else 0


def _check(out: Out) -> int:
    broken = 0
    for words, check in promises():
        began = time.monotonic()
        findings = _found(check)
        broken += len(findings)
        ms = round((time.monotonic() - began) * 1000)
        mark = "✗" if findings else "✓"
        out.say(f"{mark} {words} ({ms} ms)", event="promise", promise=words, kept=not findings, ms=ms)
        for found in findings:
            out.say(f"  {found.subject}: {found.sentence}", event="broken", invariant=found.invariant,
                         subject=found.subject, sentence=found.sentence)  # fmt: skip
    verdict = "Everything holds." if not broken else f"{broken} broken; the lines above name each."
    out.say(verdict, event="verdict", holds=not broken, broken=broken)
    return 1 if broken else 0


def _found(check: Check) -> list[Finding]:
    """What is broken. A check that trips over what it reads has found something, and the others still run."""
    try:
        return list(check())
    except Exception as trouble:
        said = f"This could not be checked to its end: {type(trouble).__name__}: {trouble}"
        return [Finding("verify.unreadable", check.__name__, said.replace("\n", " ")[:300])]


def promises() -> list[tuple[str, Check]]:
    """Every promise, in plain sight, from the ground up."""
    from recoup.domain.claims import invariants as claims
    from recoup.domain.evidence import invariants as evidence
    from recoup.domain.ledger import invariants as ledger
    from recoup.domain.orders import invariants as orders
    from recoup.domain.returns import invariants as returns
    from recoup.domain.suppliers import invariants as suppliers
    from recoup.domain.warehouse import invariants as warehouse
    from recoup.foundation.accounts import invariants as accounts
    from recoup.foundation.audit import invariants as audit
    from recoup.foundation.database import invariants as database
    from recoup.foundation.facts import invariants as facts
    from recoup.foundation.files import invariants as files

    return [
        ("The audit trail is whole: no record changed, added, moved or removed.", audit.chain),
        ("Whatever the trail tells of is still here.", audit.subjects_are_here),
        ("What is written once still says what was written.", audit.sealed_rows),
        ("Nothing points at a row that is gone.", database.references),
        ("Every link is open or withdrawn as the trail tells.", accounts.withdrawn_links_stay_withdrawn),
        ("Every fact has been followed, or waits, or is a dead letter.", facts.followed),
        ("Every stored file opens and matches its hash.", files.contents),
        ("No sealed bytes lie about without an owner.", files.orphans),
        ("Every key can be unwrapped with the installation's key ring.", files.wrapped_keys),
        ("Every key that is destroyed was destroyed by somebody.", files.destroyed_keys),
        ("Every order stands on an accepted delivery.", orders.accepted_deliveries_have_their_order),
        ("No delivery waits for what is here, or for nobody.", orders.nobody_waits_in_vain),
        ("No channel gave back more than was paid on a line.", orders.lines_give_back_no_more_than_was_paid),
        ("Every unit sold on a line is of the line's product.", orders.serials_are_of_their_lines_product),
        ("Every batch came on a line for its own product.", suppliers.batches_came_on_a_line_of_their_product),
        ("Every photo has its bytes.", evidence.photos_have_their_bytes),
        ("Every original belongs to a photo.", evidence.originals_have_a_photo),
        ("No upload is left half-done past its time.", evidence.uploads_ended),
        ("Every signed copy is the one that was signed, by whoever signed it.", evidence.signed_copies_are_whole),
        ("Every ledger entry adds up to zero.", ledger.entries_balance),
        ("Every credit memo adds up, and is booked as it says.", ledger.memos_add_up),
        ("Credit memo numbers have no gap, and their series knows the last one.", ledger.numbers_are_gapless),
        ("No line is credited above what was paid, and none without a limit.", ledger.credits_stay_within_limits),
        ("Every booking and memo is what was sealed in the audit trail.", ledger.contents_are_as_sealed),
        ("Every credit memo's document is here, or was erased with its key.", ledger.documents_are_kept),
        *returns.PROMISES,
        ("No bin holds less than nothing.", warehouse.stock_is_never_negative),
        ("Nothing left Quality Reject without a disposition.", warehouse.quarantine_is_left_by_disposition_only),
        ("Whatever came back went into Quality Reject first.", warehouse.returned_goods_went_to_quarantine_first),
        ("Every receipt is on a line whose goods are here.", warehouse.receipts_are_on_received_lines),
        ("Claim lines add up: claimed, accepted, recovered, written off.", claims.lines_add_up),
        ("Claims and the ledger say the same money.", claims.money_matches_the_ledger),
        ("Every recovery is booked.", claims.recoveries_are_booked),
        ("Every claim is on the supplier of its purchase order.", claims.claims_are_on_their_orders_supplier),
        ("Every packet that was sent is here, and no other counts as sent.", claims.packets_left_as_told),
        ("Every packet is the one that was sent.", claims.packets_are_what_was_sent),
        ("Every document version is as it was filed.", claims.versions_are_as_filed),
        ("Every photo that left was signed off.", claims.sent_photos_are_signed),
        ("Nothing is open on a settled claim.", claims.settled_means_nothing_open),
    ]
