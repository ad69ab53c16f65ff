"""Weigh the examples as a user would, print what limits each, and write the reports."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
EXAMPLES = ("relief-register", "novel-lm", "clinic/forest.toml", "clinic/plain.toml")
COMMAND = [sys.executable, "-m", "weighbridge"]


def main() -> None:
    """Run `weighbridge weigh` and `weighbridge report` on each example; stop at the first that fails."""
    pages = []
    for name in EXAMPLES:
        folder = HERE / name
        print(f"\n=== weighbridge weigh {folder.relative_to(HERE.parent)}\n", flush=True)
        subprocess.run([*COMMAND, "weigh", str(folder)], check=True)
        done = subprocess.run([*COMMAND, "report", str(folder)], check=True, stdout=subprocess.PIPE, text=True)
        pages.append(done.stdout.strip())
    print("\nreports, to open in a browser:")
    for page in pages:
        print(f"  {page}")


if __name__ == "__main__":
    main()
