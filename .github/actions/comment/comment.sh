# Posts the comment that report.sh has written, or updates the one that is there.
#
#   REPORTGEN_COMMENT  the folder with summary.md and, on GitHub, number
#   REPORTGEN_TOKEN    what may write comments, and is given to nothing else
#   REPORTGEN_HEAD     on GitHub the commit that the report was built from
#
# Needs curl and jq. What a fork has written is text here: nothing of it is run, a link is refused,
# and whose pull request it is, is checked.
#
# gitlab.yml repeats this file; a test holds the two together.
set -e
: "${REPORTGEN_COMMENT:?expected the folder with the comment}"
: "${REPORTGEN_TOKEN:?expected a token that may write comments}"
refuse() {
  echo "the comment: $1" >&2
  exit 3
}
request() {
  curl -fsS --proto '=https' --retry 3 -H "$header" -H "Content-Type: application/json" "$@"
}
for name in summary.md number; do
  if [ -L "$REPORTGEN_COMMENT/$name" ]; then refuse "expected $name to be a file, found a link"; fi
done
mark=$(head -n 1 "$REPORTGEN_COMMENT/summary.md" | tr -d '\r')
case $mark in
"<!-- reportgen:"*" -->") ;;
*) refuse "expected it to begin with the mark of reportgen, found another line" ;;
esac

if [ -n "$GITHUB_REPOSITORY" ]; then
  number=$(head -c 20 "$REPORTGEN_COMMENT/number")
  case $number in
  '' | *[!0-9]*) refuse "expected the number of a pull request, found another text" ;;
  esac
  header="Authorization: Bearer $REPORTGEN_TOKEN"
  api=$GITHUB_API_URL/repos/$GITHUB_REPOSITORY
  head=$(request "$api/pulls/$number" | jq -r .head.sha)
  if [ "$head" != "$REPORTGEN_HEAD" ]; then
    refuse "expected pull request $number to be at $REPORTGEN_HEAD, found $head"
  fi
  all=$api/issues/$number/comments
  one=$api/issues/comments
  change=PATCH
  mine='.user.type == "Bot"'
else
  header="PRIVATE-TOKEN: $REPORTGEN_TOKEN"
  all=$CI_API_V4_URL/projects/$CI_PROJECT_ID/merge_requests/$CI_MERGE_REQUEST_IID/notes
  one=$all
  change=PUT
  mine=".author.id == $(request "$CI_API_V4_URL/user" | jq .id)"
fi

# The first of this program's own comments with the mark, a hundred at a time.
own=
page=1
while [ -z "$own" ]; do
  comments=$(request "$all?per_page=100&page=$page")
  own=$(printf '%s' "$comments" | jq -r --arg mark "$mark" \
    "[.[] | select($mine and (.body | startswith(\$mark))) | .id][0] // empty")
  if [ "$(printf '%s' "$comments" | jq length)" -lt 100 ]; then break; fi
  page=$((page + 1))
done

body=$(head -c 12000 "$REPORTGEN_COMMENT/summary.md" | jq -Rs '{body: .}')
if [ -n "$own" ]; then
  printf '%s' "$body" | request -o /dev/null -X "$change" --data-binary @- "$one/$own"
else
  printf '%s' "$body" | request -o /dev/null -X POST --data-binary @- "$all"
fi
