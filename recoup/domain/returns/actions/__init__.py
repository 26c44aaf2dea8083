"""Every write to returns, one file per verb. Each names its actor, runs in one transaction, and may race with itself."""

from recoup.domain.returns.actions.asking import AskedAlready, NothingAsked, ask
from recoup.domain.returns.actions.attaching import (
    NotLeftOnOrder,
    OrderKnownAlready,
    attach_order,
    attach_photos,
    order_found,
)
from recoup.domain.returns.actions.deciding import (
    AboveYourLimit,
    CurrencyUnknown,
    NothingToPay,
    OrderUnknown,
    ReasonNeeded,
    UnknownRemedy,
    appeal,
    approve,
    cancel,
    refuse,
)
from recoup.domain.returns.actions.entering import (
    AddressMissing,
    NothingElseLeft,
    NumberMissing,
    ReachMissing,
    ask_to_come_in,
    come_in,
    open_another,
)
from recoup.domain.returns.actions.goods import LossUnexplained, NotOnTheWay, dispose_goods, lose_goods, receive_goods
from recoup.domain.returns.actions.holding import TakenByAnother, release, take
from recoup.domain.returns.actions.links import choose, new_secret, note_box, open_link, withdraw_links
from recoup.domain.returns.actions.messages import NothingSaid, write_message
from recoup.domain.returns.actions.paying import fail_remedy, post_remedy, retry_remedy
from recoup.domain.returns.actions.policies import PolicyUnfit, policy_in_force, publish_policy
from recoup.domain.returns.actions.reminding import remind
from recoup.domain.returns.actions.settling import (
    NotARefund,
    NotThatDay,
    PaidAlready,
    ReferenceMissing,
    ReferenceTooLong,
    fulfil,
    mark_paid,
)
from recoup.domain.returns.actions.submitting import Choice, ChoiceMissing, NoneLeft, TooMany, submit
from recoup.domain.returns.actions.verifying import photo_judged, verify
from recoup.domain.returns.actions.waiting import NothingToWaitFor, hand_over, wait_longer

__all__ = [
    "AboveYourLimit",
    "AddressMissing",
    "AskedAlready",
    "Choice",
    "ChoiceMissing",
    "CurrencyUnknown",
    "LossUnexplained",
    "NoneLeft",
    "NotARefund",
    "NotLeftOnOrder",
    "NotOnTheWay",
    "NotThatDay",
    "NothingAsked",
    "NothingElseLeft",
    "NothingSaid",
    "NothingToPay",
    "NothingToWaitFor",
    "NumberMissing",
    "OrderKnownAlready",
    "OrderUnknown",
    "PaidAlready",
    "PolicyUnfit",
    "ReachMissing",
    "ReasonNeeded",
    "ReferenceMissing",
    "ReferenceTooLong",
    "TakenByAnother",
    "TooMany",
    "UnknownRemedy",
    "appeal",
    "approve",
    "ask",
    "ask_to_come_in",
    "attach_order",
    "attach_photos",
    "cancel",
    "choose",
    "come_in",
    "dispose_goods",
    "fail_remedy",
    "fulfil",
    "hand_over",
    "lose_goods",
    "mark_paid",
    "new_secret",
    "note_box",
    "open_another",
    "open_link",
    "order_found",
    "photo_judged",
    "policy_in_force",
    "post_remedy",
    "publish_policy",
    "receive_goods",
    "refuse",
    "release",
    "remind",
    "retry_remedy",
    "submit",
    "take",
    "verify",
    "wait_longer",
    "withdraw_links",
    "write_message",
]
