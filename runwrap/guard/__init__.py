"""Two processes hold a job: the front, which the caller waits for, and the guardian."""
