#!/bin/sh
# Posts the end of a run that did not complete to Microsoft Teams: hooks: {after: ./teams.sh}
# The file teams-url beside the job file holds the address of a workflow "Post to a channel when a
# webhook request is received".
# https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook
set -eu
[ "$REPOPIPE_EXIT_CODE" -ne 0 ] || exit 0
text=$(printf '%s: %s (%s): %s' "$REPOPIPE_JOB" "$REPOPIPE_STATUS" "$REPOPIPE_EXIT_CODE" "$REPOPIPE_ERROR" |
  sed 's/\\/\\\\/g; s/"/\\"/g' | tr -d '\000-\037')
card='"contentType": "application/vnd.microsoft.card.adaptive", "content": {"type": "AdaptiveCard", "version": "1.4"'
printf '{"type": "message", "attachments": [{%s, "body": [{"type": "TextBlock", "wrap": true, "text": "%s"}]}}]}' \
  "$card" "$text" |
  curl --fail --silent --show-error --max-time 30 -H 'Content-Type: application/json' --data-binary @- \
    "$(cat "${URL_FILE:-teams-url}")" >/dev/null
