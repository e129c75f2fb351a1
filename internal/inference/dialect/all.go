//go:generate go run ./emittersdoc ../../../docs/emitters.md

package dialect

// All lists the dialects: engines, gateways, then clients. Where a scope fits several, the first counts.
func All() []Dialect {
	return []Dialect{
		conventions, oldConventions,
		vllm, sglang, tensorRTLLM, tgi, triton, xinference, alibabaEngines,
		llmD, dynamo, liteLLM, envoy, agentgateway, bifrost, apisix, higress, openRouter, kong,
		anthropicSDK, claudeAPI, claudeCode, openTelemetryJS, openTelemetryFrameworks, openTelemetry, extensionsAI,
		ag2, openLLMetryAnthropic, openLLMetryOpenAI, openLLMetryLlamaIndex, openLLMetryFrameworks, laminar, edotPython, openLLMetryPython, openLLMetry,
		openInferenceFrameworks, openInferenceLiteLLM, openInferenceADK, openInferenceAgno, openInferenceHaystack, openInference, openLITFrameworks, openLITAnthropic, openLITGo, openLIT,
		vercelLegacy, vercel, langfuse, langSmith, braintrust, weave, pydanticAI, logfire,
		springAI, langChain4j, quarkus, semanticKernel, agentFramework, agentFrameworkNET, azureInference,
		agentOps, eino, trpcAgentAnthropic, trpcAgent, adk, genkit, geminiCLI, strands, mastra, mlflow, sentry, dify, arms,
		codex, nemoGuardrails, guardrailsAI, agentScope, openTelemetryPHP, langflow,
	}
}
