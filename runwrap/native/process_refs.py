"""Holding processes that are not our children: the platform's own way."""

import sys

if sys.platform == "linux":
    from runwrap.native.linux_process_refs import Children, ProcessRef, ProcessRefs, ended
else:
    from runwrap.native.posix_process_refs import Children, ProcessRef, ProcessRefs, ended

__all__ = ["Children", "ProcessRef", "ProcessRefs", "ended"]
