// SPDX-License-Identifier: Apache-2.0

package main

// notSent says what an emitter never puts on its spans. Its sources are those that its table names, or spans that were measured.
// What is neither here nor in a case is not known.
//
// Whole repositories were searched for the keys at these commits:
//
//	Arize-ai/openinference @1fe497f1d, traceloop/openllmetry @93429cfb9, openlit/openlit @ad20b7b4, traceloop/hub @302730e,
//	NVIDIA/NeMo-Agent-Toolkit @201f3dcc9, lastmile-ai/mcp-agent @04cae7ea, guardrails-ai/guardrails @c472d552,
//	Scale3-Labs/langtrace-python-sdk @b62abd9, monocle2ai/monocle @850a6099,
//	open-telemetry/opentelemetry-ebpf-instrumentation @6955b658
var notSent = map[string][]int{
	// Engines.
	"vllm":         {cost, reasoning, streaming, errored, cancelled},
	"sglang":       {cost, reasoning, streaming, errored},
	"tensorrt-llm": {cost, reasoning, streaming, cached},
	"tgi":          {firstToken, input, output, cached, reasoning, cost, finish},
	"tei":          {firstToken, input, output, cached, reasoning, cost, finish, streaming, errored},
	"triton":       {firstToken, input, output, cached, reasoning, cost, finish, streaming, errored, cancelled},
	"xinference":   {firstToken, input, output, cached, reasoning, cost, finish, streaming},
	"rtp-llm":      {cost},

	// Gateways.
	"llm-d":                 {input, output, cached, reasoning, cost, finish},
	"dynamo":                {cached, reasoning, cost, finish, streaming},
	"envoy-ai-gateway":      {cost},
	"apisix":                {cost, finish},
	"higress":               {cached, reasoning, cost, finish},
	"plano":                 {cost},
	"traceloop-hub":         {streaming, firstToken, cached, reasoning, cost, cancelled},
	"tensorzero":            {firstToken, cancelled},
	"cloudflare-ai-gateway": {firstToken, finish, streaming, errored},
	"tokenhub":              {firstToken, input, output, cached, reasoning, cost, finish, cancelled},

	// SDKs of providers and OpenTelemetry's instrumentations: the conventions have no cost.
	"claude-api":               {cost},
	"anthropic-sdk":            {cost},
	"mistral-sdk":              {cost, streaming, firstToken, cached, reasoning},
	"opentelemetry-js":         {cost, firstToken, cached, reasoning},
	"opentelemetry-frameworks": {cost},
	"opentelemetry-ebpf":       {firstToken, cost, streaming},
	"opentelemetry":            {cost},
	"opentelemetry-go-compile": {cost},
	"opentelemetry-php":        {cost, firstToken},
	"microsoft-extensions-ai":  {cost},
	"edot-python":              {cost, firstToken, streaming, cached},

	// OpenLLMetry has no key for a cost.
	"openllmetry-js-anthropic":   {cost, firstToken, streaming, reasoning},
	"openllmetry-js-openai":      {cost, firstToken, streaming, cached, reasoning, cancelled},
	"openllmetry-js-bedrock":     {cost, firstToken, streaming, cached, reasoning},
	"openllmetry-js-google":      {cost, firstToken, streaming},
	"openllmetry-python-bedrock": {cost, cached, firstToken},
	"openllmetry-llamaindex":     {cost, firstToken, streaming},
	"openllmetry-frameworks":     {cost, firstToken, reasoning},
	"openllmetry-python-openai":  {cost},
	"openllmetry":                {cost},
	"laminar":                    {firstToken, streaming},

	// OpenInference marks the first token in Python's instrumentations of OpenAI, Mistral and LlamaIndex alone.
	"openinference-js-beeai":         {firstToken, cached, reasoning, cost, finish},
	"openinference-tanstack-ai":      {firstToken, cached, reasoning, cost},
	"openinference-litellm":          {firstToken},
	"openinference-js-openai-agents": {firstToken, cost},
	"openinference-google-adk":       {firstToken, cached, cost, finish},
	"openinference-agno":             {firstToken, reasoning, cost, finish},
	"openinference-haystack":         {firstToken, cached, reasoning, cost, finish, streaming},
	"openinference-js-bedrock":       {firstToken, reasoning, cost},
	"openinference-python-bedrock":   {firstToken, reasoning, cost},
	"openinference-anthropic":        {firstToken, cancelled, reasoning, cost},
	"openinference":                  {firstToken, cancelled},
	"openinference-python-vertexai":  {firstToken, cached, reasoning, cost, finish, streaming},
	"openinference-python-groq":      {firstToken, cached, reasoning, cost},
	"openlit-anthropic":              {reasoning},
	"openinference-python-mistralai": {cached, reasoning, cost},

	// Frameworks and observability SDKs.
	"vercel-ai":                     {cost},
	"vercel-ai-7":                   {cost},
	"langsmith":                     {cost, firstToken, cancelled},
	"langtrace":                     {reasoning},
	"logfire":                       {firstToken},
	"spring-ai":                     {cost, firstToken, reasoning, cancelled},
	"langchain4j":                   {cost, firstToken, finish, streaming, cached, reasoning},
	"quarkus-langchain4j":           {firstToken, streaming, cancelled},
	"semantic-kernel":               {cost, firstToken},
	"microsoft-agent-framework":     {cost, firstToken, streaming},
	"microsoft-agent-framework-net": {cost},
	"agent-365":                     {cost, streaming, cached, firstToken, reasoning},
	"azure-ai-inference":            {cost, firstToken, streaming},
	"google-adk":                    {cost, firstToken, streaming},
	"genkit":                        {cost, firstToken, streaming},
	"gemini-cli":                    {cost, firstToken, streaming},
	"docker-agent":                  {firstToken, input, output, cached, reasoning, cost, finish},
	"codex":                         {cost, finish},
	"claude-code":                   {reasoning},
	"goose":                         {firstToken, reasoning, cost, errored, cancelled},
	"hermes-agent":                  {firstToken, reasoning, cost, streaming, cancelled},
	"copilot-cli":                   {cost},
	"strands":                       {cost, reasoning},
	"mastra":                        {cost},
	"tanstack-ai":                   {cost, firstToken, streaming},
	"ax":                            {cost, cancelled},
	"voltagent":                     {firstToken},
	"dd-trace":                      {cost, firstToken, finish, cancelled},
	"sentry":                        {cost},
	"monocle":                       {cost, cancelled},
	"dify":                          {cost},
	"agentscope":                    {streaming},
	"mirascope":                     {streaming},
	"mcp-agent":                     {firstToken, cached, reasoning, cost, streaming},
	"nemo-agent-toolkit":            {cached, reasoning, cost, finish, streaming, errored, cancelled},
	"effect-ai":                     {cost},
	"guardrails-ai":                 {firstToken, cached, reasoning, cost, streaming, finish},
	"promptfoo":                     {firstToken, streaming},
	"livekit-agents":                {cost},
}
