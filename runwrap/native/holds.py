"""Holding processes that are not our children: the platform's own way."""

import sys

if sys.platform == "linux":
    from runwrap.native.linux_holds import Hold, Holder, ended
else:
    from runwrap.native.posix_holds import Hold, Holder, ended

__all__ = ["Hold", "Holder", "ended"]
