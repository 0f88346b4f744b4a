# Fetches the released program, and keeps it only when it has the checksum that was asked for.
#
#   REPORTGEN_URL     where the program of a release lies
#   REPORTGEN_SHA256  its checksum, from the release's SHA256SUMS
#   REPORTGEN_BIN     the folder that is made for it
#
# gitlab.yml repeats this file; a test holds the two together.
set -e
: "${REPORTGEN_URL:?expected the address of the released program}"
: "${REPORTGEN_SHA256:?expected the checksum of the released program}"
: "${REPORTGEN_BIN:?expected the folder for the program}"
# Nothing that a repository has put there is found on the path.
rm -rf -- "$REPORTGEN_BIN"
mkdir -p "$REPORTGEN_BIN"
curl -fsSL --proto '=https' --retry 3 -o "$REPORTGEN_BIN/download" "$REPORTGEN_URL"
found=$(sha256sum "$REPORTGEN_BIN/download" | cut -d ' ' -f 1)
if [ "$found" != "$REPORTGEN_SHA256" ]; then
  rm "$REPORTGEN_BIN/download"
  echo "$REPORTGEN_URL: expected SHA-256 $REPORTGEN_SHA256, found $found" >&2
  exit 3
fi
chmod 755 "$REPORTGEN_BIN/download"
mv "$REPORTGEN_BIN/download" "$REPORTGEN_BIN/reportgen"
PATH=$REPORTGEN_BIN:$PATH
reportgen --version
