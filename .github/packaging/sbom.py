#!/usr/bin/env python3
"""The parts of a built program, as a CycloneDX document.

    sbom.py --map LINKER_MAP --binary PROGRAM > reportgen.cdx.json

What is in the program is read from the linker's map: an object or archive that no part below
accounts for is an error, so that the list is complete or not there at all. The document has no
date: the same program gives the same bytes.
"""

import argparse
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import uuid

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXCEPTION = "Apache-2.0 WITH Swift-exception"
GCC = "GPL-3.0-or-later WITH GCC-exception-3.1"

# Part, licence, where its version is found, what of the linker's map it accounts for.
PARTS = [
    ("OpenBLAS", "BSD-3-Clause", "deb:libopenblas-dev", r"libopenblas.*\.a"),
    ("cmark", "BSD-2-Clause AND MIT", "deb:libcmark-dev", r"libcmark\.a"),
    ("libyaml", "MIT", "deb:libyaml-dev", r"libyaml\.a"),
    ("zlib", "Zlib", "deb:zlib1g-dev", r"libz\.a"),
    ("libstdc++", GCC, "deb:libstdc++-12-dev", r"libstdc\+\+\.a"),
    ("libgcc", GCC, "deb:libgcc-12-dev", r"libgcc(_eh)?\.a|crt(begin|end)S?\.o"),
    ("glibc start files", "LGPL-2.1-or-later", "deb:libc6-dev", r"(Sc|c)rt[1in]\.o|libc_nonshared\.a"),
    ("Swift standard library", EXCEPTION, "swift",
     r"libswift.*\.a|swiftrt\.o|lib_(StringProcessing|RegexParser|Concurrency)\.a"),
    ("swift-foundation", EXCEPTION, "swift",
     r"libFoundationEssentials\.a|lib_Foundation(CShims|Collections)\.a"),
    ("swift-corelibs-libdispatch", EXCEPTION, "swift", r"lib(dispatch|BlocksRuntime)\.a"),
    ("swift-argument-parser", EXCEPTION, "package:swift-argument-parser", r"ArgumentParser\w*\.build"),
    ("swift-crypto", "Apache-2.0", "package:swift-crypto", r"(Crypto|CryptoBoringWrapper)\.build"),
    ("BoringSSL", "Apache-2.0", "package:swift-crypto", r"CCryptoBoringSSL\w*\.build"),
    ("XKCP", "CC0-1.0", "package:swift-crypto", r"CXKCP\w*\.build"),
]


def version(source):
    kind, _, name = source.partition(":")
    if kind == "deb":
        return subprocess.run(
            ["dpkg-query", "-W", "-f", "${Version}", name], check=True, capture_output=True, text=True
        ).stdout
    if kind == "swift":
        text = subprocess.run(
            ["swift", "--version"], check=True, capture_output=True, text=True).stdout
        return re.search(r"Swift version (\S+)", text)[1]
    pins = json.loads((ROOT / "Package.resolved").read_text())["pins"]
    return next(pin["state"]["version"] for pin in pins if pin["identity"] == name)


def linked(text, own):
    """The names of the archives, objects and Swift modules that the map says are in the program."""
    found = set()
    for path in re.findall(r"(?:^|\s)(/?[^\s()]+\.(?:a|o))(?=[\s(]|$)", text, re.MULTILINE):
        module = re.search(r"/(\w[\w-]*\.build)/", path)
        found.add(module[1] if module else path.rsplit("/", 1)[-1])
    return {name for name in found if name.removesuffix(".build") not in own}


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--map", required=True, type=pathlib.Path)
    arguments.add_argument("--binary", required=True, type=pathlib.Path)
    options = arguments.parse_args()

    own = {path.name for path in (ROOT / "Sources").iterdir()} | {"arc4random.o"}
    names = linked(options.map.read_text(errors="replace"), own)
    used = {}
    for name in sorted(names):
        part = next((part for part in PARTS if re.fullmatch(part[3], name)), None)
        if part is None:
            sys.exit(f"sbom.py: {options.map}: expected only known parts, found {name};"
                     " add it to PARTS, and its licence to Sources/CEmbedded/licences.txt")
        used[part[0]] = part

    licences = (ROOT / "Sources/CEmbedded/licences.txt").read_text()
    components = []
    for name, licence, source, _ in PARTS:
        if name not in used:
            continue
        if f"\n{name} " not in licences:
            sys.exit(f"sbom.py: Sources/CEmbedded/licences.txt: expected the licence of {name}, found none")
        component = {
            "type": "library", "bom-ref": name, "name": name, "version": version(source),
            "licenses": [{"expression": licence}],
        }
        kind, _, package = source.partition(":")
        if kind == "deb":
            component["purl"] = f"pkg:deb/debian/{package.replace('+', '%2B')}@{component['version']}"
        elif kind == "package":
            component["purl"] = f"pkg:swift/github.com/apple/{package}@{component['version']}"
        components.append(component)

    digest = hashlib.sha256(options.binary.read_bytes()).hexdigest()
    own_version = re.search(
        r'current = "([^"]+)"', (ROOT / "Sources/Storage/ProgramVersion.swift").read_text())[1]
    print(json.dumps({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, 'reportgen:' + digest)}",
        "version": 1,
        "metadata": {"component": {
            "type": "application", "bom-ref": "reportgen", "name": "reportgen", "version": own_version,
            "licenses": [{"expression": "Apache-2.0"}],
            "hashes": [{"alg": "SHA-256", "content": digest}],
        }},
        "components": components,
        "dependencies": [{"ref": "reportgen", "dependsOn": [part["name"] for part in components]}],
    }, indent=2, ensure_ascii=False))


main()
