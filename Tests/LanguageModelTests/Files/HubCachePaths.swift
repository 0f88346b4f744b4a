/// Where huggingface_hub looks for models; made by Tests/reference/hub_cache_paths.py.
let hubCachePaths = #"""
  [
    {
      "environment": {
        "HOME": "/home/ada",
        "LC_ALL": "C.UTF-8"
      },
      "root": "/home/ada/.cache/huggingface/hub"
    },
    {
      "environment": {
        "HOME": "/home/ada",
        "LC_ALL": "C.UTF-8",
        "HF_HOME": "/data/hf"
      },
      "root": "/data/hf/hub"
    },
    {
      "environment": {
        "HOME": "/home/ada",
        "LC_ALL": "C.UTF-8",
        "HF_HOME": "/data/hf/"
      },
      "root": "/data/hf/hub"
    },
    {
      "environment": {
        "HOME": "/home/ada",
        "LC_ALL": "C.UTF-8",
        "HF_HOME": "${SCRATCH}/hf",
        "SCRATCH": "/scratch/ada"
      },
      "root": "/scratch/ada/hf/hub"
    },
    {
      "environment": {
        "HOME": "/home/ada",
        "LC_ALL": "C.UTF-8",
        "HF_HOME": "$SCRATCH/hf",
        "SCRATCH": "/scratch/ada"
      },
      "root": "/scratch/ada/hf/hub"
    },
    {
      "environment": {
        "HOME": "/home/ada",
        "LC_ALL": "C.UTF-8",
        "HF_HOME": "/lustre/$USER/$USER",
        "USER": "ada"
      },
      "root": "/lustre/ada/ada/hub"
    },
    {
      "environment": {
        "HOME": "/home/ada",
        "LC_ALL": "C.UTF-8",
        "HF_HOME": "$USER-hf",
        "USER": "ada"
      },
      "root": "ada-hf/hub"
    },
    {
      "environment": {
        "HOME": "/home/ada",
        "LC_ALL": "C.UTF-8",
        "HF_HOME": "$USERS/hf",
        "USER": "ada"
      },
      "root": "$USERS/hf/hub"
    },
    {
      "environment": {
        "HOME": "/home/ada",
        "LC_ALL": "C.UTF-8",
        "HF_HOME": "/a/${USER}s/hf",
        "USER": "ada"
      },
      "root": "/a/adas/hf/hub"
    },
    {
      "environment": {
        "HOME": "/home/ada",
        "LC_ALL": "C.UTF-8",
        "HF_HOME": "$ABSENT/hf"
      },
      "root": "$ABSENT/hf/hub"
    },
    {
      "environment": {
        "HOME": "/home/ada",
        "LC_ALL": "C.UTF-8",
        "HF_HOME": "${ABSENT}/hf"
      },
      "root": "${ABSENT}/hf/hub"
    },
    {
      "environment": {
        "HOME": "/home/ada",
        "LC_ALL": "C.UTF-8",
        "HF_HOME": "${OPEN/hf",
        "OPEN": "/x"
      },
      "root": "${OPEN/hf/hub"
    },
    {
      "environment": {
        "HOME": "/home/ada",
        "LC_ALL": "C.UTF-8",
        "HF_HOME": "/a/$/hf"
      },
      "root": "/a/$/hf/hub"
    },
    {
      "environment": {
        "HOME": "/home/ada",
        "LC_ALL": "C.UTF-8",
        "HF_HOME": "/a/$$/hf"
      },
      "root": "/a/$$/hf/hub"
    },
    {
      "environment": {
        "HOME": "/home/ada",
        "LC_ALL": "C.UTF-8",
        "HF_HOME": "/a/${}/hf"
      },
      "root": "/a/${}/hf/hub"
    },
    {
      "environment": {
        "HOME": "/home/ada",
        "LC_ALL": "C.UTF-8",
        "HF_HOME": "/a/hf$"
      },
      "root": "/a/hf$/hub"
    },
    {
      "environment": {
        "HOME": "/home/ada",
        "LC_ALL": "C.UTF-8",
        "HF_HOME": "/a/${A B}/hf",
        "A B": "spaced"
      },
      "root": "/a/spaced/hf/hub"
    },
    {
      "environment": {
        "HOME": "/home/ada",
        "LC_ALL": "C.UTF-8",
        "HF_HOME": "/a/$é/hf",
        "é": "x"
      },
      "root": "/a/$é/hf/hub"
    },
    {
      "environment": {
        "HOME": "/home/ada",
        "LC_ALL": "C.UTF-8",
        "HF_HOME": "/a/$Aé/hf",
        "A": "x"
      },
      "root": "/a/xé/hf/hub"
    },
    {
      "environment": {
        "HOME": "/home/ada",
        "LC_ALL": "C.UTF-8",
        "HF_HOME": "~/hf"
      },
      "root": "/home/ada/hf/hub"
    },
    {
      "environment": {
        "HOME": "/home/ada",
        "LC_ALL": "C.UTF-8",
        "HF_HOME": "~"
      },
      "root": "/home/ada/hub"
    },
    {
      "environment": {
        "HOME": "/home/ada",
        "LC_ALL": "C.UTF-8",
        "HF_HOME": "/a/~/hf"
      },
      "root": "/a/~/hf/hub"
    },
    {
      "environment": {
        "HOME": "/home/ada",
        "LC_ALL": "C.UTF-8",
        "HF_HOME": "~nobody-of-this-name/hf"
      },
      "root": "~nobody-of-this-name/hf/hub"
    },
    {
      "environment": {
        "HOME": "/home/ada",
        "LC_ALL": "C.UTF-8",
        "HF_HOME": "~root/hf"
      },
      "root": "HOME_OF_ROOT/hf/hub"
    },
    {
      "environment": {
        "HOME": "/home/ada",
        "LC_ALL": "C.UTF-8",
        "HF_HOME": "~root"
      },
      "root": "HOME_OF_ROOT/hub"
    },
    {
      "environment": {
        "HOME": "/home/ada",
        "LC_ALL": "C.UTF-8",
        "HF_HOME": "~/$SUB/hf",
        "SUB": "models"
      },
      "root": "/home/ada/models/hf/hub"
    },
    {
      "environment": {
        "HOME": "/home/ada",
        "LC_ALL": "C.UTF-8",
        "HF_HOME": "$TILDE/hf",
        "TILDE": "~"
      },
      "root": "/home/ada/hf/hub"
    },
    {
      "environment": {
        "HOME": "/",
        "LC_ALL": "C.UTF-8",
        "HF_HOME": "~/hf"
      },
      "root": "/hf/hub"
    },
    {
      "environment": {
        "HOME": "/home/ada//",
        "LC_ALL": "C.UTF-8",
        "HF_HOME": "~/hf"
      },
      "root": "/home/ada/hf/hub"
    },
    {
      "environment": {
        "HOME": "/home/$WHO",
        "LC_ALL": "C.UTF-8",
        "HF_HOME": "~/hf",
        "WHO": "grace"
      },
      "root": "/home/grace/hf/hub"
    },
    {
      "environment": {
        "HOME": "/home/ada",
        "LC_ALL": "C.UTF-8",
        "HF_HOME": "$A",
        "A": "$B/x",
        "B": "/b"
      },
      "root": "/b/x/hub"
    },
    {
      "environment": {
        "HOME": "/home/ada",
        "LC_ALL": "C.UTF-8",
        "HF_HUB_CACHE": "$A",
        "A": "$B/x",
        "B": "/b"
      },
      "root": "$B/x"
    },
    {
      "environment": {
        "HOME": "/home/ada",
        "LC_ALL": "C.UTF-8",
        "HF_HUB_CACHE": "${SCRATCH}/hub",
        "SCRATCH": "/scratch/ada"
      },
      "root": "/scratch/ada/hub"
    },
    {
      "environment": {
        "HOME": "/home/ada",
        "LC_ALL": "C.UTF-8",
        "HF_HUB_CACHE": "$SCRATCH/hub",
        "SCRATCH": "/scratch/ada"
      },
      "root": "/scratch/ada/hub"
    },
    {
      "environment": {
        "HOME": "/home/ada",
        "LC_ALL": "C.UTF-8",
        "HF_HUB_CACHE": "~/hub"
      },
      "root": "/home/ada/hub"
    },
    {
      "environment": {
        "HOME": "/home/ada",
        "LC_ALL": "C.UTF-8",
        "HF_HUB_CACHE": "/c/hub/"
      },
      "root": "/c/hub/"
    },
    {
      "environment": {
        "HOME": "/home/ada",
        "LC_ALL": "C.UTF-8",
        "HF_HUB_CACHE": "/c",
        "HF_HOME": "/d"
      },
      "root": "/c"
    },
    {
      "environment": {
        "HOME": "/home/ada",
        "LC_ALL": "C.UTF-8",
        "HUGGINGFACE_HUB_CACHE": "$SCRATCH/old",
        "SCRATCH": "/scratch/ada"
      },
      "root": "/scratch/ada/old"
    },
    {
      "environment": {
        "HOME": "/home/ada",
        "LC_ALL": "C.UTF-8",
        "HUGGINGFACE_HUB_CACHE": "~/old",
        "HF_HOME": "/d"
      },
      "root": "/home/ada/old"
    },
    {
      "environment": {
        "HOME": "/home/ada",
        "LC_ALL": "C.UTF-8",
        "XDG_CACHE_HOME": "${SCRATCH}/cache",
        "SCRATCH": "/scratch/ada"
      },
      "root": "/scratch/ada/cache/huggingface/hub"
    },
    {
      "environment": {
        "HOME": "/home/ada",
        "LC_ALL": "C.UTF-8",
        "XDG_CACHE_HOME": "~/cache"
      },
      "root": "/home/ada/cache/huggingface/hub"
    },
    {
      "environment": {
        "HOME": "/home/ada",
        "LC_ALL": "C.UTF-8",
        "XDG_CACHE_HOME": "/x/cache/"
      },
      "root": "/x/cache/huggingface/hub"
    }
  ]
  """#
