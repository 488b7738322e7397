"""What building a wheel does besides copying: it puts the bundle in."""

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Hook(BuildHookInterface[Any]):
    """Adds the bundle, but not to an editable install, which follows the sources."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the bundle where the builder will fetch it."""
        # pip has a wheel built even to learn that this Python is too old for it, and says so then.
        if version == "editable" or sys.version_info < (3, 10):
            return
        sys.path.insert(0, str(Path(__file__).resolve().parent))
        import bundle

        self._folder = tempfile.TemporaryDirectory()  # removed with this hook
        made = Path(self._folder.name, bundle.FILE)
        made.write_text(bundle.text(), encoding="utf-8")
        build_data["force_include"][str(made)] = f"runwrap/{bundle.FILE}"
