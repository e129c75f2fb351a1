#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
set -e

getent group otelcol-llm >/dev/null || groupadd --system otelcol-llm
getent passwd otelcol-llm >/dev/null ||
	useradd --system --gid otelcol-llm --no-create-home --home-dir /var/lib/otelcol-llm --shell /usr/sbin/nologin \
		--comment "OpenTelemetry Collector for LLM serving" otelcol-llm
