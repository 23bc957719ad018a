#!/bin/sh
# Mails the end of a run that did not complete, by sendmail(8): hooks: {after: ./mail.sh}
# TO: the address, by default root.
set -eu
[ "$REPOPIPE_EXIT_CODE" -ne 0 ] || exit 0
{
  printf 'To: %s\n' "${TO:-root}"
  printf 'Subject: repopipe %s: %s (%s)\n' "$REPOPIPE_JOB" "$REPOPIPE_STATUS" "$REPOPIPE_EXIT_CODE"
  printf 'Content-Type: text/plain; charset=utf-8\n\n'
  printf '%s\n\ndatabase %s, run %s\n\n' "$REPOPIPE_ERROR" "$REPOPIPE_DATABASE" "$REPOPIPE_RUN"
  cat
} | "${SENDMAIL:-/usr/sbin/sendmail}" -t
