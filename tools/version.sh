#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0

# The version, which builder-config.yaml sets, in all the places that name it.
#
#   version.sh              print it
#   version.sh check        fail where another one is named
#   version.sh set X.Y.Z    write it everywhere
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

number='[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?'
# A file, and what stands before the version there.
places=(
	'builder-config.yaml|^  version: '
	'builder-config.yaml|gomod: github\.com/otelcol-llm/otelcol-llm v'
	'README.md|gomod: github\.com/otelcol-llm/otelcol-llm v'
	'deploy/helm/otelcol-llm/Chart.yaml|^version: '
	'deploy/helm/otelcol-llm/Chart.yaml|^appVersion: "?'
)

version=$(sed -nE "s/^  version: ($number)$/\1/p" builder-config.yaml)
[[ -n $version ]] || { echo "builder-config.yaml: dist::version is no version such as 1.2.3" >&2; exit 1; }

case ${1:-} in
'')
	echo "$version"
	;;
check)
	failed=0
	for place in "${places[@]}"; do
		file=${place%%|*} before=${place#*|}
		[[ -e $file ]] || continue
		found=$(grep -noE "$before$number" "$file") || { echo "$file: names no version after $before" >&2; failed=1; }
		others=$(while IFS= read -r line; do [[ -z $line || $line == *[!0-9.]"$version" ]] || echo "$line"; done <<<"$found")
		[[ -z $others ]] || { echo "$file:$others, and builder-config.yaml names $version: tools/version.sh set $version" >&2; failed=1; }
	done
	exit "$failed"
	;;
set)
	[[ ${2:-} =~ ^$number$ ]] || { echo "version.sh: ${2:-} is no version such as 1.2.3" >&2; exit 2; }
	for place in "${places[@]}"; do
		file=${place%%|*} before=${place#*|}
		[[ ! -e $file ]] || sed -i -E "s#($before)$number#\1$2#" "$file"
	done
	;;
*)
	echo "usage: version.sh [check | set X.Y.Z]" >&2
	exit 2
	;;
esac
