#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
set -e

# At an upgrade dpkg says "upgrade", and rpm how many versions remain.
if [ "$1" = remove ] || [ "$1" = 0 ]; then
	if [ -d /run/systemd/system ]; then
		systemctl disable --now otelcol-llm.service
	fi
fi
