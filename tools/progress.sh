#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# progress.sh WORDS MINUTES COMMAND...: runs a command and says every ten seconds how long it has taken. What the command writes is shown
# if it fails.
set -euo pipefail
words=$1 minutes=$2
shift 2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
"$@" >"$log" 2>&1 &
command=$!
trap 'kill "$command" 2>/dev/null; exit 130' INT TERM
clock() { printf '%d:%02d' $((SECONDS / 60)) $((SECONDS % 60)); }
say() { if [[ -t 1 ]]; then printf '\r%s %s of some %s:00 …' "$words" "$(clock)" "$minutes"; fi; }
next=0
while kill -0 "$command" 2>/dev/null; do
	if ((SECONDS >= next)); then
		say
		if [[ ! -t 1 ]] && ((SECONDS >= 60)) && ((SECONDS % 60 < 10)); then echo "$words $(clock) of some $minutes:00 …"; fi
		next=$((SECONDS + 10))
	fi
	sleep 0.5
done
if wait "$command"; then
	if [[ -t 1 ]]; then printf '\r'; fi
	echo "$words done after $(clock).            "
else
	code=$?
	echo
	cat "$log"
	exit "$code"
fi
