# Ends the job with 1 when an expectation of the study fails, after everything has been kept.
#
# gitlab.yml repeats this file; a test holds the two together.
set -e
PATH=$REPORTGEN_BIN:$PATH
reportgen check "$REPORTGEN_REPORT"
