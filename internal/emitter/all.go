// SPDX-License-Identifier: Apache-2.0

//go:generate go run ./emittersdoc ../../docs
//go:generate go run ./connectdoc ../../docs/connect.md

package emitter

import "slices"

// All lists the families: engines, gateways, then clients. Where a scope fits several, the first counts.
func All() []Family {
	families := []Family{
		conventions, oldConventions,
		vllm, sglang, tensorRTLLM, tgi, tei, triton, xinference, alibabaEngines, aphrodite,
		llmD, dynamo, liteLLM, envoy, agentgateway, bifrost, apisix, higress, openRouter, portkey, plano, kong, traceloopHub,
		tensorZero, semanticRouter, vercelGateway, cloudflareGateway, trueFoundry, tokenHub, nexus, vllmRouter,
		anthropicSDK, mistralSDK, claudeAPI, claudeCode, openTelemetryJS, openTelemetryFrameworks, openTelemetryEBPF, openTelemetry, compiledGo, extensionsAI,
		ag2, openLLMetryAnthropic, openLLMetryOpenAI, openLLMetryBedrock, openLLMetryPythonBedrock,
		openLLMetryLlamaIndex, openLLMetryGoogle, openLLMetryFrameworks, laminar, edotPython, openLLMetryPython, openLLMetry,
		openInferenceFrameworks, openInferenceAgentsJS, openInferenceBeeAI, openInferenceTanStack, openInferenceLiteLLM, openInferenceADK,
		openInferenceAgno, openInferenceHaystack, openInferenceBedrock, openInferencePythonBedrock,
		openInferenceOpenAI, openInferenceJSOpenAI, openInferenceJSAnthropic, openInferenceAnthropic, openInferenceGroq, openInferenceMistral, openInferenceVertexAI, openInference,
		openLITFrameworks, openLITAnthropic, openLITGo, openLIT,
		vercelLegacy, vercel, langfuse, langSmith, ddTrace, braintrust, weave, pydanticAI, logfire, langtrace, langWatch,
		confidentAI, respan, traceAI, monocle,
		springAI, langChain4j, quarkus, semanticKernel, agentFramework, agentFrameworkNET, agent365, azureInference,
		agentOps, eino, trpcAgent, adk, genkit, geminiCLI, strands, mastra, mlflow, truLens, sentry, dify,
		loongSuiteGo, arms,
		tanStackAI, pipecat, liveKit, openClaw, copilotChat, copilotCLI, dockerAgent, qwenCode, cursor, cline, goose, hermes, openCodePlugin, unlisted, rubyLLM, nemoAgentToolkit,
		codex, nemoGuardrails, guardrailsAI, agentScope, reqLLM, openTelemetryPHP, langflow, mcpAgent, mirascope, axLLM,
		voltAgent, promptfoo, effectAI, judgeval, agenta, promptFlow, agento11y, netraDSPy, gptme,
	}
	own := slices.IndexFunc(families, func(f Family) bool { return f.Name == oldConventions.Name })
	families[own].Attributes = slices.Concat(families[own].Attributes, borrowed(families))
	return families
}
