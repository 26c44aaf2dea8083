"""Is everything well? For a load balancer, a monitor, and Prometheus."""

from __future__ import annotations

import shutil
from pathlib import Path

from django.conf import settings
from django.db.utils import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from recoup.domain.orders import queries as orders
from recoup.foundation.database import checks
from recoup.foundation.jobs import queries as jobs
from recoup.kit.refusal import Refusal

LOW_DISK = 500 * 1024 * 1024  # bytes; photos are refused long before the disk is full


def health(request: HttpRequest) -> HttpResponse:
    """200 when work can be done, 503 when not; open to everybody, so it says no more than that."""
    database, disk = _database(), "ok" if free_bytes() > LOW_DISK else "low"
    workers = _workers() if database == "ok" else "unknown"
    well = database == "ok" and disk == "ok"
    body = {"ok": well, "database": database, "workers": workers, "disk": disk}
    response = JsonResponse(body, status=200 if well else 503)
    response["Cache-Control"] = "no-store"
    return response


def _database() -> str:
    try:
        checks.refuse_unsafe()
    except Refusal as refusal:
        return refusal.code
    return "ok"


def _workers() -> str:
    try:
        return "ok" if jobs.workers() else "none"
    except DatabaseError:
        return "unknown"


def free_bytes() -> int:
    """What is free where the files are, or will be."""
    place = Path(settings.RECOUP_VAR)
    while not place.exists() and place != place.parent:
        place = place.parent
    return shutil.disk_usage(place).free


def metrics(request: HttpRequest) -> HttpResponse:
    """The installation's own figures, counted now, in Prometheus' text format."""
    registry = CollectorRegistry()
    deliveries = Gauge("recoup_deliveries", "Deliveries by state", ["state"], registry=registry)
    for state, count in orders.counts_by_state().items():
        deliveries.labels(state).set(count)
    single = {
        "recoup_orders": ("Orders taken in", orders.count_orders()),
        "recoup_jobs_waiting": ("Jobs not finished", jobs.waiting()),
        "recoup_jobs_dead": ("Jobs that stay down", len(jobs.dead_letters())),
        "recoup_workers": ("Workers that gave a sign of life lately", jobs.workers()),
        "recoup_disk_free_bytes": ("Bytes free where the files are", free_bytes()),
    }
    for name, (words, value) in single.items():
        Gauge(name, words, registry=registry).set(value)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)
