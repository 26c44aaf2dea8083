from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "recoup.foundation.jobs"
    label = "jobs"

    def ready(self) -> None:
        from recoup.foundation.audit import sentences
        from recoup.foundation.jobs import tasks  # noqa: F401  (registers the jobs)
        from recoup.foundation.jobs.sentences import SENTENCES

        sentences.register(SENTENCES)
