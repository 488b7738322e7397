"""Holding processes that are not our children: the platform's own way."""

import sys

if sys.platform == "linux":
    from runwrap.native import linux_process_refs as platform
else:
    from runwrap.native import posix_process_refs as platform

Children = platform.Children
ProcessRef = platform.ProcessRef
ProcessRefs = platform.ProcessRefs
ended = platform.ended
