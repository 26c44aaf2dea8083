"""What the audit trail says about money."""

SENTENCES = {
    "memo.issued": "{actor} issued credit memo {number} over {total}.",
    "memo.filed": "{actor} filed the document of credit memo {number}.",
    "memo.settled": "{actor} settled credit memo {number} by {how}.",
    "entry.booked": "{actor} booked {kind}: {amount}.",
    "entry.reversed": "{actor} reversed a booking of {amount}.",
}
