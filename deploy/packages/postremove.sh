#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
set -e

# User and group stay, since files elsewhere may be theirs.
if [ "$1" = purge ]; then
	rm -rf /etc/otelcol-llm /var/lib/otelcol-llm
fi
if [ -d /run/systemd/system ]; then
	systemctl daemon-reload
fi
