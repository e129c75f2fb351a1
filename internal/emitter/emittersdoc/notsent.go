// SPDX-License-Identifier: Apache-2.0

package main

// notSent says what an emitter never puts on its spans. Its sources are those that its table names, or spans that were measured.
// What is neither here nor in a case is not known.
var notSent = map[string][]int{
	// Engines.
	"vllm":         {cost, reasoning, streaming, errored, cancelled},
	"sglang":       {cost, reasoning, streaming},
	"tensorrt-llm": {cost, reasoning, streaming, cached},
	"tgi":          {firstToken, input, output, cached, reasoning, cost, finish},
	"tei":          {firstToken, input, output, cached, reasoning, cost, finish, streaming, errored},
	"triton":       {firstToken, input, output, cached, reasoning, cost, finish, streaming, errored},
	"xinference":   {firstToken, input, output, cached, reasoning, cost, finish, streaming},
	"rtp-llm":      {cost},

	// Gateways.
	"llm-d":                 {input, output, cached, reasoning, cost, finish},
	"dynamo":                {cached, reasoning, cost, finish, streaming},
	"envoy-ai-gateway":      {cost},
	"apisix":                {cost, finish},
	"higress":               {cached, reasoning, cost, finish},
	"plano":                 {cost},
	"traceloop-hub":         {streaming, firstToken},
	"tensorzero":            {firstToken, cancelled},
	"cloudflare-ai-gateway": {firstToken, finish, streaming, errored},

	// SDKs of providers and OpenTelemetry's instrumentations: the conventions have no cost.
	"claude-api":               {cost},
	"anthropic-sdk":            {cost},
	"mistral-sdk":              {cost, streaming, firstToken, cached, reasoning},
	"opentelemetry-js":         {cost, firstToken, cached, reasoning},
	"opentelemetry-frameworks": {cost},
	"opentelemetry":            {cost},
	"opentelemetry-go-compile": {cost},
	"opentelemetry-php":        {cost, firstToken},
	"microsoft-extensions-ai":  {cost},
	"edot-python":              {cost, firstToken, streaming, cached},

	// OpenLLMetry has no key for a cost.
	"openllmetry-js-anthropic":   {cost, firstToken, streaming},
	"openllmetry-js-openai":      {cost, firstToken, streaming, cached, reasoning, cancelled},
	"openllmetry-js-bedrock":     {cost, firstToken, streaming, cached},
	"openllmetry-js-google":      {cost, firstToken, streaming},
	"openllmetry-python-bedrock": {cost, cached},
	"openllmetry-python-openai":  {cost},
	"openllmetry":                {cost},
	"laminar":                    {firstToken, streaming},

	// OpenInference marks the first token in Python's instrumentations of OpenAI, Mistral and LlamaIndex alone.
	"openinference-js-beeai":        {firstToken},
	"openinference-tanstack-ai":     {firstToken},
	"openinference-js-bedrock":      {firstToken},
	"openinference-anthropic":       {firstToken, cancelled},
	"openinference":                 {firstToken, cancelled},
	"openinference-python-vertexai": {firstToken},
	"openinference-python-groq":     {firstToken},

	// Frameworks and observability SDKs.
	"vercel-ai":                     {cost},
	"vercel-ai-7":                   {cost},
	"langsmith":                     {cost, firstToken, cancelled},
	"logfire":                       {firstToken},
	"spring-ai":                     {cost, firstToken, reasoning, cancelled},
	"langchain4j":                   {cost, firstToken, finish, streaming, cached, reasoning},
	"quarkus-langchain4j":           {firstToken, streaming, cancelled},
	"semantic-kernel":               {cost, firstToken},
	"microsoft-agent-framework":     {cost, firstToken, streaming},
	"microsoft-agent-framework-net": {cost},
	"agent-365":                     {cost, streaming, cached, firstToken},
	"azure-ai-inference":            {cost, firstToken, streaming},
	"google-adk":                    {cost, firstToken, streaming},
	"genkit":                        {cost, firstToken, streaming},
	"gemini-cli":                    {cost, firstToken, streaming},
	"docker-agent":                  {firstToken, input, output, cached, reasoning, cost, finish},
	"strands":                       {cost, reasoning},
	"tanstack-ai":                   {cost, firstToken, streaming},
	"ax":                            {cost, cancelled},
	"voltagent":                     {firstToken},
	"dd-trace":                      {cost, firstToken, finish, cancelled},
	"dify":                          {cost},
	"agentscope":                    {streaming},
	"mirascope":                     {streaming},
	"guardrails-ai":                 {firstToken},
}
