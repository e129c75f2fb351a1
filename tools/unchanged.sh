#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0

# Runs a command and fails if it changes, adds or removes a file that git tracks or would track.
# Unlike `git diff --exit-code` it does not mind what was changed before.
set -euo pipefail

listing() {
	git ls-files --cached --others --exclude-standard -z | sort -zu |
		while IFS= read -r -d '' file; do
			if [[ -f $file ]]; then sha256sum "$file"; fi
		done
}

before=$(listing)
"$@"
if ! changes=$(diff <(echo "$before") <(listing)); then
	echo "Out of date, changed by: $*" >&2
	sed -n 's/^[<>] [0-9a-f]*  /  /p' <<<"$changes" | sort -u >&2
	exit 1
fi
