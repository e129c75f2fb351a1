// SPDX-License-Identifier: Apache-2.0

'use strict';

// Datadog's tracer with LLM Observability, whose traces go out by OTLP. It is loaded first.

process.env.OTEL_TRACES_EXPORTER = 'otlp';
process.env.DD_LLMOBS_ENABLED = '1';
process.env.DD_LLMOBS_ML_APP = 'capture';
process.env.DD_LLMOBS_AGENTLESS_ENABLED = '0';
process.env.DD_INSTRUMENTATION_TELEMETRY_ENABLED = 'false';
process.env.DD_REMOTE_CONFIGURATION_ENABLED = 'false';

require('dd-trace').init({ flushInterval: 50 });

const sent = () => new Promise((resolve) => setTimeout(resolve, 500));
module.exports = { forceFlush: sent, shutdown: async () => {} };
