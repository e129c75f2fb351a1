#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0

# Makes two local images from Debian packages, for building and testing without a registry. The base has glibc and
# certificates, and nothing else. The builder has a shell, and hands on binaries that are there already.
#
#   base.sh BASE BUILDER
set -euo pipefail
base=$1 builder=$2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir base builder
# A machine that never asked for Debian's lists has no names to download by.
apt-get download -qq libc6 base-files netbase busybox-static 2>/dev/null ||
	{ apt-get update -qq && apt-get download -qq libc6 base-files netbase busybox-static; }
for package in libc6 base-files netbase; do
	dpkg-deb -x "$package"_*.deb base
done
install -D -m 0644 /etc/ssl/certs/ca-certificates.crt base/etc/ssl/certs/ca-certificates.crt
echo 'nonroot:x:65532:65532::/nonexistent:/sbin/nologin' >base/etc/passwd
# Documents and character sets, which nothing here reads.
rm -rf base/usr/share/doc base/usr/share/lintian base/usr/lib/x86_64-linux-gnu/gconv base/usr/share/common-licenses
mkdir -p base/tmp && chmod 1777 base/tmp
dpkg-deb -x busybox-static_*.deb builder
for name in sh test make; do
	ln -s busybox "builder/bin/$name"
done
archive() { tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C "$1" -cf "$1.tar" .; }
archive base
archive builder
podman import -q base.tar "$base" >/dev/null
podman import -q builder.tar "$builder" >/dev/null
