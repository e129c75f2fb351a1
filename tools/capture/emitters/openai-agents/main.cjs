// SPDX-License-Identifier: Apache-2.0

'use strict';

const capture = require('./capture.cjs');
const { OpenAIAgentsInstrumentation } = require('@arizeai/openinference-instrumentation-openai-agents');

const instrumentation = new OpenAIAgentsInstrumentation();
const provider = capture.start({ instrumentations: [instrumentation] });
const agents = require('@openai/agents');
instrumentation.manuallyInstrument?.(agents);
instrumentation.instrument?.(agents);
const { OpenAI } = require('openai');
agents.setDefaultOpenAIClient(new OpenAI({ baseURL: `${capture.url}/v1`, maxRetries: 0 }));
const agent = new agents.Agent({ name: 'greeter', instructions: 'Greet.', model: 'gpt-4o-mini' });
const run = () => agents.run(agent, 'Say hello.');
capture.main(provider, {
  chat: run,
  cached: run,
  server_error: run,
  rate_limited: run,
  stream: async () => capture.drain((await agents.run(agent, 'Say hello.', { stream: true })).toStream()),
});
