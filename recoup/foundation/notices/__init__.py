"""What we told somebody, word for word, and whether it has left: an outbox.

States: queued → sending → sent; failed → queued by a person; suppressed when there is nobody to send to.
Delivery is at least once: a worker that dies between the mail server's yes and our own note sends it again.
Below: database, audit, jobs. Above: every concept that tells a person something.
"""
