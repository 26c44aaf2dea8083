"""What the audit trail says about returns."""

SENTENCES = {
    "link.opened": "{actor} opened a link for the customer.",
    "return.submitted": "{actor} sent in return {number}, {units} unit(s).",
    "return.sent_more": "{actor} sent what we had asked for.",
    "return.verified": "{actor} checked the return (run {run}, policy version {policy}).",
    "return.order_attached": "{actor} tied the return to order {order}, {how}.",
    "return.taken": "{actor} took the case.",
    "return.released": "{actor} gave the case back.",
    "return.message": "{actor} wrote a message to {audience}.",
    "line.approved": "{actor} approved {remedy}, worth {amount}, under {rma}. Reason: {reason}",
    "line.refused": "{actor} refused. Reason: {reason}",
    "line.more_asked": "{actor} asked for more photos: {shots}.",
    "line.appealed": "{actor} asked for another look.",
    "line.cancelled": "{actor} cancelled.",
    "line.goods_received": "{actor} received the goods; they are in quarantine.",
    "line.goods_disposed": "{actor} recorded what becomes of the goods.",
    "remedy.posted": "{actor} carried out {what}: {amount}.",
    "remedy.failed": "It could not be carried out: {why}",
    "remedy.retried": "{actor} tried again to carry it out.",
    "remedy.fulfilled": "{actor} sent the replacement: {note}.",
    "policy.published": "{actor} published version {version} of the policy, with {rows} rows.",
}
