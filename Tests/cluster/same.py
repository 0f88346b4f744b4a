"""Whether two published folders are the same: same.py ONE OTHER.

Every byte is, but for what provenance.json says of the run itself."""

import json
import sys
from pathlib import Path

# When a run was, how long it took, and what it computed itself: a run that renders computes nothing, and
# names the plan's profile in place of the kernels of its own machine.
OF_THE_RUN = {"started", "phases", "operations", "cached", "blas", "kernels"}


def files(folder):
    return {str(file.relative_to(folder)): file for file in folder.rglob("*") if file.is_file()}


def content(file):
    if file.name != "provenance.json":
        return file.read_bytes()
    return {k: v for k, v in json.loads(file.read_text()).items() if k not in OF_THE_RUN}


one, other = (files(Path(folder)) for folder in sys.argv[1:])
differing = sorted(one.keys() ^ other.keys())
differing += sorted(name for name in one.keys() & other.keys() if content(one[name]) != content(other[name]))
if not one or differing:
    sys.exit(f"{len(one)} and {len(other)} files, of which differ: {', '.join(differing[:8]) or 'none'}")
