"""Makes Tests/LanguageModelTests/Files/HubCachePaths.swift: where huggingface_hub looks for models under
environments whose variables hold ~, $NAME and ${NAME}.

    python3 Tests/reference/hub_cache_paths.py

Made with huggingface_hub 2.4.0 on Python 3.11; each environment in a process of its own, since the
package reads it once.
"""

import json
import os
import pathlib
import subprocess
import sys

OUT = pathlib.Path(__file__).parent.parent / "LanguageModelTests/Files/HubCachePaths.swift"
HOME = {"HOME": "/home/ada"}
ENVIRONMENTS = [
    {},
    {"HF_HOME": "/data/hf"},
    {"HF_HOME": "/data/hf/"},
    {"HF_HOME": "${SCRATCH}/hf", "SCRATCH": "/scratch/ada"},
    {"HF_HOME": "$SCRATCH/hf", "SCRATCH": "/scratch/ada"},
    {"HF_HOME": "/lustre/$USER/$USER", "USER": "ada"},
    {"HF_HOME": "$USER-hf", "USER": "ada"},
    {"HF_HOME": "$USERS/hf", "USER": "ada"},
    {"HF_HOME": "/a/${USER}s/hf", "USER": "ada"},
    {"HF_HOME": "$ABSENT/hf"},
    {"HF_HOME": "${ABSENT}/hf"},
    {"HF_HOME": "${OPEN/hf", "OPEN": "/x"},
    {"HF_HOME": "/a/$/hf"},
    {"HF_HOME": "/a/$$/hf"},
    {"HF_HOME": "/a/${}/hf"},
    {"HF_HOME": "/a/hf$"},
    {"HF_HOME": "/a/${A B}/hf", "A B": "spaced"},
    {"HF_HOME": "/a/$é/hf", "é": "x"},
    {"HF_HOME": "/a/$Aé/hf", "A": "x"},
    {"HF_HOME": "~/hf"},
    {"HF_HOME": "~"},
    {"HF_HOME": "/a/~/hf"},
    {"HF_HOME": "~nobody-of-this-name/hf"},
    {"HF_HOME": "~root/hf"},
    {"HF_HOME": "~root"},
    {"HF_HOME": "~/$SUB/hf", "SUB": "models"},
    {"HF_HOME": "$TILDE/hf", "TILDE": "~"},
    {"HF_HOME": "~/hf", "HOME": "/"},
    {"HF_HOME": "~/hf", "HOME": "/home/ada//"},
    {"HF_HOME": "~/hf", "HOME": "/home/$WHO", "WHO": "grace"},
    {"HF_HOME": "$A", "A": "$B/x", "B": "/b"},
    {"HF_HUB_CACHE": "$A", "A": "$B/x", "B": "/b"},
    {"HF_HUB_CACHE": "${SCRATCH}/hub", "SCRATCH": "/scratch/ada"},
    {"HF_HUB_CACHE": "$SCRATCH/hub", "SCRATCH": "/scratch/ada"},
    {"HF_HUB_CACHE": "~/hub"},
    {"HF_HUB_CACHE": "/c/hub/"},
    {"HF_HUB_CACHE": "/c", "HF_HOME": "/d"},
    {"HUGGINGFACE_HUB_CACHE": "$SCRATCH/old", "SCRATCH": "/scratch/ada"},
    {"HUGGINGFACE_HUB_CACHE": "~/old", "HF_HOME": "/d"},
    {"XDG_CACHE_HOME": "${SCRATCH}/cache", "SCRATCH": "/scratch/ada"},
    {"XDG_CACHE_HOME": "~/cache"},
    {"XDG_CACHE_HOME": "/x/cache/"},
]
CODE = "from huggingface_hub.constants import HF_HUB_CACHE; print(HF_HUB_CACHE)"


def root(environment):
    run = [sys.executable, "-X", "utf8", "-c", CODE]
    found = subprocess.run(run, env=environment, capture_output=True, check=True).stdout.decode()[:-1]
    # The superuser's folder differs between systems: the test puts its own in this place.
    return found.replace(os.path.expanduser("~root"), "HOME_OF_ROOT", 1)


cases = [HOME | {"LC_ALL": "C.UTF-8"} | own for own in ENVIRONMENTS]
records = [{"environment": case, "root": root(case)} for case in cases]
text = json.dumps(records, indent=2, ensure_ascii=False).replace("\n", "\n  ")
OUT.write_text(
    f"""/// Where huggingface_hub looks for models; made by Tests/reference/hub_cache_paths.py.
let hubCachePaths = #\"\"\"
  {text}
  \"\"\"#
""",
    encoding="utf-8",
)
