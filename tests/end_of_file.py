"""The end of a file as a proof: nobody holds the other end of a pipe any more."""

import select


def at_end_of_file(read: int, within: float) -> bool:
    """Tell whether everyone who had the writing end of a pipe is gone, now or within seconds."""
    poll = select.poll()
    poll.register(read, select.POLLIN)
    return any(event & select.POLLHUP for _, event in poll.poll(within * 1000))
