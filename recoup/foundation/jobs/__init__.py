"""Jobs: rows in the same PostgreSQL, run by workers. The only place that names the job engine."""
