#!/usr/bin/env bash
# Builds the command as one file that needs glibc and nothing else, the same bytes each time.
#
#   bash .github/packaging/binary.sh [--output DIR] [--scratch DIR]
#
# writes into DIR (`.build-packages` unless given)
#   reportgen            the program
#   reportgen.cdx.json   its parts with their versions and licences, in CycloneDX
#   reportgen.needs      the versions of glibc's symbols that it needs
# Needs what the README installs, on Debian 12: an older glibc makes a binary that runs on more
# machines.
set -euo pipefail
cd "$(dirname "$0")/../.."

output=.build-packages
scratch=.build-packages/scratch
while [ $# -gt 0 ]; do
  case $1 in
  --output) output=$2; shift 2 ;;
  --scratch) scratch=$2; shift 2 ;;
  *) echo "binary.sh: expected --output DIR or --scratch DIR, found $1" >&2; exit 2 ;;
  esac
done
mkdir -p "$output" "$scratch"

# The linker takes a static library where it finds no shared one beside it.
scratch=$(cd "$scratch" && pwd)
static=$scratch/static
rm -rf "$static"
mkdir -p "$static/pkgconfig"
for library in openblas cmark yaml z stdc++; do
  archive=$(cc -print-file-name="lib$library.a")
  if [ ! -f "$archive" ]; then
    echo "binary.sh: lib$library.a: expected a static library, found none; install it as the README says" >&2
    exit 4
  fi
  ln -s "$(realpath "$archive")" "$static/lib$library.a"
done
describe() {
  printf 'Name: %s\nDescription: static\nVersion: 0\nCflags: %s\nLibs: -L%s -l%s\n' \
    "$1" "$(pkg-config --cflags "$1")" "$static" "$2" > "$static/pkgconfig/$1.pc"
}
describe openblas openblas
describe libcmark cmark
describe yaml-0.1 yaml
describe zlib z
export PKG_CONFIG_PATH=$static/pkgconfig

cc -O2 -c .github/packaging/arc4random.c -o "$static/arc4random.o"

# No path of this machine gets into the program, and none of the folder that it is built in. Of two
# rules that fit, Swift takes the first and clang the last.
root=$PWD
build=(
  swift build -c release --product reportgen --static-swift-stdlib --scratch-path "$scratch"
  -debug-info-format none
  -Xswiftc -file-prefix-map -Xswiftc "$scratch=./scratch" -Xswiftc -file-prefix-map -Xswiftc "$root=."
  -Xcc "-ffile-prefix-map=$root=." -Xcc "-ffile-prefix-map=$scratch=./scratch"
  -Xswiftc -Xclang-linker -Xswiftc -static-libgcc
  -Xlinker "-L$static" -Xlinker "$static/arc4random.o"
  -Xlinker --build-id=none -Xlinker --no-export-dynamic -Xlinker "-Map=$scratch/reportgen.map"
)
"${build[@]}"
program=$("${build[@]}" --show-bin-path)/reportgen

# The compiler leaves digests of its own command line, which names folders; nothing reads them.
digests=$(objdump -h "$program" | awk '$2 == ".swift_modhash" { print $3 }')
head -c "$((16#$digests))" /dev/zero > "$scratch/digests"
objcopy --strip-all --remove-section=.comment --update-section ".swift_modhash=$scratch/digests" \
  "$program" "$output/reportgen"
chmod 755 "$output/reportgen"
if grep -q -a -F -e "$scratch" -e "$root" "$output/reportgen"; then
  echo "binary.sh: expected no path of this machine in the program, found some" >&2
  exit 1
fi

# A static program starts in another order than the one that tests run.
"$output/reportgen" --version | grep -qxE '[0-9]+[.][0-9]+[.][0-9]+' || {
  echo "binary.sh: expected a program that sees its command line, found one that does not" >&2
  exit 1
}

# What the program asks of the machine.
objdump -T "$output/reportgen" | grep -o '(\(GLIBC[A-Z]*\|GCC\|CXXABI\)_[0-9.]*)' | tr -d '()' | sort -uV \
  > "$output/reportgen.needs"
newest=$(grep '^GLIBC_' "$output/reportgen.needs" | tail -n 1)
foreign=$(objdump -p "$output/reportgen" | sed -n 's/ *NEEDED *//p' \
  | grep -vxE 'lib(c|m|dl|pthread)\.so\.[0-9]+|ld-linux-.*' || true)
if [ -n "$foreign" ] || [ "$(printf '%s\nGLIBC_2.35\n' "$newest" | sort -V | tail -n 1)" != GLIBC_2.35 ]; then
  echo "binary.sh: expected a program that needs glibc 2.35 at most, found $newest $foreign" >&2
  exit 1
fi

python3 .github/packaging/sbom.py --map "$scratch/reportgen.map" --binary "$output/reportgen" \
  > "$output/reportgen.cdx.json"
size=$(stat -c %s "$output/reportgen")
compressed=$(xz -9 -c "$output/reportgen" | wc -c)
echo "$output/reportgen: $size bytes, $compressed compressed; $newest"
if [ "$size" -gt 60000000 ] || [ "$compressed" -gt 25000000 ]; then
  echo "binary.sh: expected at most 60 MB, and 25 MB compressed" >&2
  exit 1
fi
sha256sum "$output/reportgen"
