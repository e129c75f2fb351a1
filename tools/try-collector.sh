#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0

# Shows which components of the distribution cannot be had in another release of the collector.
#
#   try-collector.sh VERSION STABLE      such as v0.160.0 v1.66.0
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if [[ ! ${1:-} =~ ^v0\.[0-9]+\.[0-9]+$ || ! ${2:-} =~ ^v1\.[0-9]+\.[0-9]+$ ]]; then
	echo "usage: try-collector.sh VERSION STABLE, such as v0.160.0 v1.66.0" >&2
	exit 2
fi
missing=0
while read -r module version; do
	case $version in
	v1.*) wanted=$2 ;;
	*) wanted=$1 ;;
	esac
	if ! message=$(cd / && GOFLAGS=-mod=mod go list -m "$module@$wanted" 2>&1); then
		missing=$((missing + 1))
		printf '%s@%s: %s\n' "$module" "$wanted" "${message##*$'\n'}"
	fi
done < <(sed -nE 's/^  - gomod: (go\.opentelemetry\.io\S+|github\.com\/open-telemetry\S+) (v\S+)$/\1 \2/p' builder-config.yaml)
if ((missing)); then
	echo "$missing components cannot be had: the set stays" >&2
	exit 1
fi
echo "all can be had: write $1 and $2 into builder-config.yaml and go.mod, and see whether the replaces there are still needed"
