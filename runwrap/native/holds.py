"""Holding processes that are not our children: the platform's own way."""

import sys

if sys.platform == "linux":
    from runwrap.native.linux_holds import Children, Hold, Holder, ended
else:
    from runwrap.native.posix_holds import Children, Hold, Holder, ended

__all__ = ["Children", "Hold", "Holder", "ended"]
