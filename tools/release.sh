#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0

# Makes everything of a release below _build/release: programs, packages, chart, bill of materials, licences, checksums,
# provenance and signatures. It publishes nothing.
#
#   release.sh [--dry-run]
#
# SIGNING_KEY names the key of gpg to sign with; ARCHITECTURES is "amd64 arm64" unless set. IMAGES=yes makes archives of
# the images too, with podman; BASE and BUILDER name other images to build them from. A dry run needs no key, no tag,
# and no section for the version in the changelog.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
fail() { echo "release: $*" >&2; exit 1; }

dry=no
case ${1:-} in
'') ;;
--dry-run) dry=yes ;;
*) fail "unknown argument $1: there is --dry-run" ;;
esac
read -ra architectures <<<"${ARCHITECTURES:-amd64 arm64}"

version=$(tools/version.sh)
tools/version.sh check
[[ -z $(git status --porcelain) ]] || fail "the tree has changes that are not committed"
commit=$(git rev-parse HEAD)
tagged=$(git rev-parse -q --verify "refs/tags/v$version^{commit}" || true)
[[ -z $tagged || $tagged == "$commit" ]] || fail "v$version is the tag of another commit, $tagged: tools/version.sh set the next version"
section=$version
if ! grep -qF "## [$version]" CHANGELOG.md; then
	[[ $dry == yes ]] || fail "CHANGELOG.md has no section ## [$version]"
	section=Unreleased
fi
if [[ $dry == no ]]; then
	[[ -n $tagged ]] || fail "the commit has no tag v$version"
	[[ -n ${SIGNING_KEY:-} ]] || fail "SIGNING_KEY names no key to sign with"
fi

# All files are as old as the commit, so that the same commit gives the same release.
SOURCE_DATE_EPOCH=$(git show -s --format=%ct HEAD)
export SOURCE_DATE_EPOCH
out=_build/release
rm -rf "$out"
mkdir -p "$out"

for arch in "${architectures[@]}"; do
	make --no-print-directory release-tree ARCH="$arch"
	tree=_build/packages/linux_$arch
	name=otelcol-llm_${version}_linux_$arch
	tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner --transform "s#^\.#$name#" \
		-C "$tree/tarball" -c . | gzip -n >"$out/$name.tar.gz"
	cp "$tree/sbom.json" "$out/$name.cdx.json"
	make --no-print-directory packages ARCH="$arch" PACKAGES="$out"
	if [[ ${IMAGES:-} == yes ]]; then
		make --no-print-directory image ARCH="$arch" IMAGE="localhost/$name:release" ${BASE:+BASE="$BASE"} ${BUILDER:+BUILDER="$BUILDER"}
		podman save -q --format oci-archive -o "$out/$name.oci.tar" "localhost/$name:release"
	fi
done
make --no-print-directory .bin/helm
.bin/helm package deploy/helm/otelcol-llm --destination "$out" >/dev/null
awk -v heading="## [$section]" 'index($0, "## [") == 1 { on = index($0, heading) == 1; next } on' CHANGELOG.md >"$out/CHANGES.md"

(cd "$out" && sha256sum -- *) >_build/SHA256SUMS
mv _build/SHA256SUMS "$out/"

# Where it comes from, in the form of SLSA: in-toto's statement over all files.
jq -n --rawfile sums "$out/SHA256SUMS" --arg commit "$commit" --arg version "$version" --arg go "$(go env GOVERSION)" \
	--arg builder "${BUILDER_ID:-https://github.com/otelcol-llm/otelcol-llm/blob/main/tools/release.sh}" \
	--arg invocation "${INVOCATION_ID:-}" '{
	_type: "https://in-toto.io/Statement/v1",
	subject: [$sums | split("\n")[] | select(. != "") | capture("^(?<sha256>\\S+)\\s+(?<name>.+)$") | {name, digest: {sha256}}],
	predicateType: "https://slsa.dev/provenance/v1",
	predicate: {
		buildDefinition: {
			buildType: "https://github.com/otelcol-llm/otelcol-llm/blob/main/docs/releasing.md",
			externalParameters: {version: $version},
			internalParameters: {go: $go},
			resolvedDependencies: [{uri: "git+https://github.com/otelcol-llm/otelcol-llm", digest: {gitCommit: $commit}}]
		},
		runDetails: {builder: {id: $builder}, metadata: (if $invocation == "" then {} else {invocationId: $invocation} end)}
	}
}' >"$out/provenance.intoto.json"

if [[ -n ${SIGNING_KEY:-} ]]; then
	for file in SHA256SUMS provenance.intoto.json; do
		gpg --batch --yes --local-user "$SIGNING_KEY" --armor --detach-sign --output "$out/$file.asc" "$out/$file"
	done
	for package in "$out"/*.tgz; do
		[[ ! -e $package ]] || gpg --batch --yes --local-user "$SIGNING_KEY" --armor --detach-sign --output "$package.asc" "$package"
	done
fi
ls -l "$out"
