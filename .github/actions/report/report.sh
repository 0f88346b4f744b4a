# Builds a study and compares its report with the committed one and with the base branch's.
#
#   REPORTGEN_BIN      the folder with the program
#   REPORTGEN_STUDY    the study file
#   REPORTGEN_REPORT   the report's folder in the repository, such as Site/reports/my-study
#   REPORTGEN_MODEL    a model instead of the study's, or nothing
#   REPORTGEN_CORPORA  the folder with the corpora instead of the study's, or nothing
#   REPORTGEN_BASE     the branch to compare with, or nothing
#   REPORTGEN_LINKS    the address of the repository's files at this commit, or nothing
#   REPORTGEN_NUMBER   the number of the pull request, or nothing
#   REPORTGEN_OUTPUT   a folder that is made anew
#
# writes into the last report.html, comparison.md where there is a base, and comment/ with what
# comment.sh posts. Nothing of the repository is run; its files are read as data.
#
# gitlab.yml repeats this file; a test holds the two together.
set -e
: "${REPORTGEN_STUDY:?expected a study file}"
: "${REPORTGEN_REPORT:?expected the folder of the report}"
: "${REPORTGEN_OUTPUT:?expected a folder for the output}"
PATH=$REPORTGEN_BIN:$PATH
rm -rf -- "$REPORTGEN_OUTPUT"
mkdir -p "$REPORTGEN_OUTPUT/comment"

# What was committed, before the build replaces it.
if [ -f "$REPORTGEN_REPORT/findings.json" ]; then
  cp -- "$REPORTGEN_REPORT/findings.json" "$REPORTGEN_OUTPUT/committed.json"
else
  echo '{}' > "$REPORTGEN_OUTPUT/committed.json"
fi

base=
if [ -n "$REPORTGEN_BASE" ]; then
  # A runner's container may belong to another user than the files.
  git -c safe.directory="$PWD" fetch --quiet --depth 1 origin "refs/heads/$REPORTGEN_BASE"
  if git -c safe.directory="$PWD" show "FETCH_HEAD:./$REPORTGEN_REPORT/findings.json" \
    > "$REPORTGEN_OUTPUT/base.json" 2> /dev/null; then
    base=$REPORTGEN_OUTPUT/base.json
  fi
fi

set -- "$REPORTGEN_STUDY" --site "${REPORTGEN_REPORT%/reports/*}"
if [ -n "$REPORTGEN_MODEL" ]; then set -- "$@" --model "$REPORTGEN_MODEL"; fi
if [ -n "$REPORTGEN_CORPORA" ]; then set -- "$@" --corpora "$REPORTGEN_CORPORA"; fi
reportgen build "$@" --single-file "$REPORTGEN_OUTPUT/report.html"

set -- "$REPORTGEN_REPORT" --committed "$REPORTGEN_OUTPUT/committed.json"
if [ -n "$REPORTGEN_LINKS" ]; then set -- "$@" --link-base "$REPORTGEN_LINKS/$REPORTGEN_REPORT"; fi
if [ -n "$base" ]; then
  set -- "$@" --base "$base"
  # 1 says that an expectation fails, which the last step is for.
  reportgen compare "$base" "$REPORTGEN_REPORT" > "$REPORTGEN_OUTPUT/comparison.md" || [ $? -eq 1 ]
fi
reportgen summary "$@" > "$REPORTGEN_OUTPUT/comment/summary.md"
if [ -n "$REPORTGEN_NUMBER" ]; then echo "$REPORTGEN_NUMBER" > "$REPORTGEN_OUTPUT/comment/number"; fi
if [ -n "$GITHUB_STEP_SUMMARY" ]; then
  cat "$REPORTGEN_OUTPUT/comment/summary.md" >> "$GITHUB_STEP_SUMMARY"
fi
