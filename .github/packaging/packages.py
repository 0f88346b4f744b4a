#!/usr/bin/env python3
"""The wheel and the Debian package of a binary that binary.sh has made.

    packages.py [--from DIR] [--output DIR]

reads reportgen and reportgen.cdx.json from DIR (`.build-packages` unless given) and writes
reportgen-VERSION-py3-none-manylinux_2_35_x86_64.whl, reportgen_VERSION_amd64.deb and SHA256SUMS.
Needs Python's standard library alone; the same binary gives the same bytes.
"""

import argparse
import base64
import gzip
import hashlib
import io
import lzma
import pathlib
import re
import subprocess
import sys
import tarfile
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".github/packaging/python"
SUMMARY = "Runs the study of a neuron in a language model and publishes it as a static site"
# No file is older: a zip archive cannot say so.
EPOCH = 315532800
GLIBC = "2.35"


def check(binary, needs):
    """Refuses a binary that does not run where the names of the packages promise it."""
    newest = max(
        (tuple(map(int, found.split("."))) for found in re.findall(r"GLIBC_([\d.]+)", needs)),
        default=(0,))
    if newest > tuple(map(int, GLIBC.split("."))):
        sys.exit(f"packages.py: {binary}: expected symbols of glibc {GLIBC} at most,"
                 f" found {'.'.join(map(str, newest))}; build it on an older system")
    header = binary.read_bytes()[:20]
    if header[:6] != b"\x7fELF\x02\x01" or header[18:20] != b"\x3e\x00":
        sys.exit(f"packages.py: {binary}: expected a program for x86-64, found another file;"
                 " run binary.sh first")


def said(binary, *arguments):
    return subprocess.run([binary, *arguments], check=True, capture_output=True).stdout


def shared(binary):
    """What a shell finds by itself, below `share`."""
    return {
        "man/man1/reportgen.1.gz": gzip.compress(said(binary, "manual", "--man"), 9, mtime=0),
        "bash-completion/completions/reportgen": said(binary, "--generate-completion-script", "bash"),
        "zsh/site-functions/_reportgen": said(binary, "--generate-completion-script", "zsh"),
        "fish/vendor_completions.d/reportgen.fish":
            said(binary, "--generate-completion-script", "fish"),
    }


def wheel(output, version, program, sbom, share):
    tag = f"py3-none-manylinux_{GLIBC.replace('.', '_')}_x86_64"
    readme = (PYTHON / "README.md").read_text()
    info = f"reportgen-{version}.dist-info"
    data = f"reportgen-{version}.data"
    files = {
        f"reportgen/{path.relative_to(PYTHON / 'reportgen')}": path.read_bytes()
        for path in sorted((PYTHON / "reportgen").rglob("*"))
        if path.is_file() and path.suffix in (".py", ".typed")
    }
    files |= {f"{data}/data/share/{name}": content for name, content in share.items()}
    files[f"{data}/scripts/reportgen"] = program
    files[f"{info}/METADATA"] = f"""\
Metadata-Version: 2.4
Name: reportgen
Version: {version}
Summary: {SUMMARY}
License-Expression: Apache-2.0
License-File: LICENSE
License-File: licences.txt
Requires-Python: >=3.9
Provides-Extra: pandas
Requires-Dist: pandas; extra == "pandas"
Description-Content-Type: text/markdown

{readme}""".encode()
    files[f"{info}/WHEEL"] = (
        f"Wheel-Version: 1.0\nGenerator: packages.py\nRoot-Is-Purelib: false\nTag: {tag}\n").encode()
    files[f"{info}/licenses/LICENSE"] = (ROOT / "LICENSE").read_bytes()
    files[f"{info}/licenses/licences.txt"] = (ROOT / "Sources/CEmbedded/licences.txt").read_bytes()
    files[f"{info}/sboms/reportgen.cdx.json"] = sbom
    record = "".join(
        f"{name},sha256={digest(content)},{len(content)}\n" for name, content in files.items())
    files[f"{info}/RECORD"] = (record + f"{info}/RECORD,,\n").encode()

    path = output / f"reportgen-{version}-{tag}.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            mode = 0o755 if "/scripts/" in name else 0o644
            entry.external_attr = (0o100000 | mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return path


def digest(content):
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")


def debian(output, version, program, sbom, share):
    licences = (ROOT / "Sources/CEmbedded/licences.txt").read_bytes()
    files = {
        "usr/bin/reportgen": program,
        "usr/share/doc/reportgen/copyright": licences + (ROOT / "LICENSE").read_bytes(),
        "usr/share/doc/reportgen/reportgen.cdx.json": sbom,
    }
    for name, content in share.items():
        files["usr/share/" + name.replace("zsh/site-functions", "zsh/vendor-completions")] = content
    control = f"""\
Package: reportgen
Version: {version}
Architecture: amd64
Maintainer: The reportgen authors <reportgen@localhost>
Installed-Size: {sum(map(len, files.values())) // 1024 + 1}
Depends: libc6 (>= {GLIBC})
Section: science
Priority: optional
Description: {SUMMARY}
 Probes, ablation, logit attribution, wiring and position curves of a neuron, with intervals and
 controls, as pages that open from disk. One program; needs no Python and no GPU.
""".encode()
    sums = "".join(f"{hashlib.md5(content).hexdigest()}  {name}\n" for name, content in files.items())
    members = [
        ("debian-binary", b"2.0\n"),
        ("control.tar.xz", tarball({"control": control, "md5sums": sums.encode()})),
        ("data.tar.xz", tarball(files)),
    ]
    path = output / f"reportgen_{version}_amd64.deb"
    with path.open("wb") as archive:
        archive.write(b"!<arch>\n")
        for name, content in members:
            archive.write(f"{name:<16}{EPOCH:<12}{0:<6}{0:<6}{'100644':<8}{len(content):<10}`\n".encode())
            archive.write(content + b"\n" * (len(content) % 2))
    return path


def tarball(files):
    """The files below `./`, owned by root, as xz."""
    folders = sorted({
        str(parent) for name in files for parent in pathlib.PurePosixPath(name).parents
        if str(parent) != "."
    })
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for folder in ["", *folders]:
            entry = tarfile.TarInfo("./" + folder)
            entry.type, entry.mode, entry.mtime = tarfile.DIRTYPE, 0o755, EPOCH
            entry.uname = entry.gname = "root"
            archive.addfile(entry)
        for name, content in files.items():
            entry = tarfile.TarInfo("./" + name)
            entry.size, entry.mtime = len(content), EPOCH
            entry.mode = 0o755 if "/bin/" in name else 0o644
            entry.uname = entry.gname = "root"
            archive.addfile(entry, io.BytesIO(content))
    return lzma.compress(buffer.getvalue(), preset=9)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--from", dest="source", type=pathlib.Path, default=ROOT / ".build-packages")
    arguments.add_argument("--output", type=pathlib.Path)
    options = arguments.parse_args()
    output = options.output or options.source
    output.mkdir(parents=True, exist_ok=True)
    binary = options.source / "reportgen"
    if not binary.is_file():
        sys.exit(f"packages.py: {binary}: expected the program, found none; run binary.sh first")
    binary = binary.resolve()
    check(binary, (options.source / "reportgen.needs").read_text())

    version = said(binary, "--version").decode().strip()
    program = binary.read_bytes()
    sbom = (options.source / "reportgen.cdx.json").read_bytes()
    share = shared(binary)
    made = [make(output, version, program, sbom, share) for make in (wheel, debian)]
    released = [*made, binary, options.source / "reportgen.cdx.json"]
    sums = "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in released)
    (output / "SHA256SUMS").write_text(sums)
    for path in made:
        print(f"{path}: {path.stat().st_size} bytes")


main()
