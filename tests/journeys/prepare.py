"""The sample company with its orders and its customers' links, in the installation of RECOUP_VAR; printed as JSON."""

from __future__ import annotations

import json

from django.utils import timezone

from recoup.conf import start


def main() -> None:
    start.ready()
    from recoup.cli.sample import cases, company

    staff = company.furnish(now=timezone.now())
    cases.take_orders(now=timezone.now())
    secrets = {}
    for number in (2001, 2002, 2003, 2004, 2006, 2007):
        _, secrets[str(number)] = cases.open_link(cases.sale(number), actor=staff["agent"], now=timezone.now())
    people = {role: email for role, (_, email) in company.PEOPLE.items()}
    print(json.dumps({"secrets": secrets, "people": people, "password": company.PASSWORD}))


if __name__ == "__main__":
    main()
