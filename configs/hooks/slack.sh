#!/bin/sh
# Posts the end of a run that did not complete to Slack: hooks: {after: ./slack.sh}
# The file slack-url beside the job file holds the address of an incoming webhook.
# https://api.slack.com/messaging/webhooks
set -eu
[ "$REPOPIPE_EXIT_CODE" -ne 0 ] || exit 0
text=$(printf '%s: %s (%s): %s' "$REPOPIPE_JOB" "$REPOPIPE_STATUS" "$REPOPIPE_EXIT_CODE" "$REPOPIPE_ERROR" |
  sed 's/\\/\\\\/g; s/"/\\"/g; s/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g' | tr -d '\000-\037')
printf '{"text": "%s"}' "$text" |
  curl --fail --silent --show-error --max-time 30 -H 'Content-Type: application/json' --data-binary @- \
    "$(cat "${URL_FILE:-slack-url}")" >/dev/null
