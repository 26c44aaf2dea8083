SENTENCES = {"job.replayed": "{actor} ran “{what}” again after it had stopped."}
