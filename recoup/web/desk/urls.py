"""The desk's addresses, all under /desk/."""

from __future__ import annotations

from django.urls import include, path

from recoup.web.desk import claim_urls
from recoup.web.desk.views import (
    case,
    company,
    dead_letters,
    finance,
    first,
    home,
    insight,
    links,
    photos,
    products,
    queue,
    receiving,
    search,
)

app_name = "desk"

_queue = [
    path("queue/", queue.queue, name="queue"),
    path("queue/<str:number>/preview/", queue.preview, name="preview"),
    path("links/new/", links.new_link, name="new_link"),
    path("links/new/<uuid:order_id>/", links.open_for, name="open_link"),
    path("links/withdraw/<uuid:order_id>/", links.withdraw, name="withdraw_links"),
]
_case = [
    path("cases/<str:number>/", case.page, name="case"),
    path("cases/<str:number>/take/", case.take, name="case_take"),
    path("cases/<str:number>/release/", case.release, name="case_release"),
    path("cases/<str:number>/wait/", case.wait_longer, name="case_wait"),
    path("cases/<str:number>/message/", case.message, name="case_message"),
    path("cases/<str:number>/withdraw/", links.withdraw_case, name="case_withdraw"),
    path("lines/<uuid:line_id>/approve/", case.approve, name="line_approve"),
    path("lines/<uuid:line_id>/ask/", case.ask, name="line_ask"),
    path("lines/<uuid:line_id>/ask/preview/", case.ask_preview, name="line_ask_preview"),
    path("cases/<str:number>/label/", case.label, name="case_label"),
    path("lines/<uuid:line_id>/refuse/", case.refuse, name="line_refuse"),
    path("lines/<uuid:line_id>/cancel/", case.cancel, name="line_cancel"),
    path("lines/<uuid:line_id>/attach/", case.attach, name="line_attach"),
    path("remedies/<uuid:remedy_id>/retry/", case.retry, name="remedy_retry"),
    path("remedies/<uuid:remedy_id>/sent/", case.fulfil, name="remedy_fulfil"),
    path("photos/<uuid:photo_id>/original/", photos.original, name="photo_original"),
    path("photos/<uuid:photo_id>/<str:kind>/", photos.view, name="photo"),
]
_products = [
    path("products/", products.catalogue, name="products"),
    # A SKU may hold anything, slashes too: nothing comes after it, and what changes goes by ids.
    path("products/<path:sku>/", products.page, name="product"),
    path("product-codes/<uuid:product_id>.svg", products.box_code, name="box_code"),
    path("product-pictures/<uuid:product_id>/add/", products.add, name="picture_add"),
    path("product-pictures/<uuid:picture_id>/", products.view, name="picture"),
    path("product-pictures/<uuid:picture_id>/remove/", products.remove, name="picture_remove"),
]
_goods = [
    path("receiving/", receiving.station, name="receiving"),
    path("receiving/<uuid:line_id>/", receiving.receive, name="receive"),
    path("receiving/<uuid:line_id>/lost/", receiving.lost, name="goods_lost"),
    path("stock/", receiving.stock, name="stock"),
    path("stock/<uuid:receipt_id>/dispose/", receiving.dispose, name="dispose"),
]
_money = [
    path("finance/", finance.page, name="finance"),
    path("finance/remedies/<uuid:remedy_id>/paid/", finance.paid, name="remedy_paid"),
    path("finance/memos/<str:number>.pdf", finance.memo, name="memo"),
]
_company = [
    path("insight/", insight.page, name="insight"),
    path("dead-letters/", dead_letters.page, name="dead_letters"),
    path("dead-letters/jobs/", dead_letters.replay_jobs, name="replay_jobs"),
    path("dead-letters/deliveries/", dead_letters.replay_deliveries, name="replay_deliveries"),
    path("dead-letters/deliveries/<uuid:delivery_id>/", dead_letters.came, name="delivery_bytes"),
    path("dead-letters/deliveries/<uuid:delivery_id>/aside/", dead_letters.set_aside, name="delivery_aside"),
    path("dead-letters/notices/<uuid:notice_id>/", dead_letters.send_again, name="send_again"),
    path("company/", company.staff, name="staff"),
    path("company/staff/", company.add, name="staff_add"),
    path("company/staff/<uuid:staff_id>/", company.change, name="staff_change"),
    path("company/channels/", company.channels, name="channels"),
    path("search/", search.page, name="search"),
    path("first/<str:secret>/", first.page, name="first_admin"),
]

urlpatterns = [
    path(
        "desk/",
        include(
            [
                path("", home.home, name="home"),
                *_queue,
                *_case,
                *_products,
                *_goods,
                *_money,
                *_company,
                *claim_urls.urlpatterns,
            ]
        ),
    ),
]
