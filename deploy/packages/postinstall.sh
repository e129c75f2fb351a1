#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
set -e

# dpkg says "configure" and the version before, if there was one; rpm says how many versions there are now.
upgrade=no
if [ "$1" = configure ] && [ -n "$2" ] || [ "$1" = 2 ]; then
	upgrade=yes
fi

# A group that was made by this very installation was not known yet when its files were unpacked.
chgrp otelcol-llm /etc/otelcol-llm/config.yaml /etc/otelcol-llm/otelcol-llm.env

if [ -d /run/systemd/system ]; then
	systemctl daemon-reload
	if [ "$upgrade" = yes ]; then
		systemctl try-restart otelcol-llm.service
	else
		systemctl enable --now otelcol-llm.service
	fi
fi
