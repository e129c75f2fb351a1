// SPDX-License-Identifier: Apache-2.0

package emitter

import (
	"bytes"
	"strings"
)

// spellings are how emitters write the conventions' gen_ai.provider.name, in lower case, beside the name itself. Where the
// conventions have no name, one is made the way they are.
// Source: the emitters of the tables; OpenRouter's display names; traceloop/openllmetry openai/shared/__init__.py @00d044f7
// and langchain/vendor_detection.py @20e4d8ce for those in capitals; the npm packages @portkey-ai/gateway 1.15.2 and
// ai-gateway-provider 4.0.1 (Cloudflare) for those of two words with a hyphen, and for grok.
var spellings = map[string][]string{
	"aleph_alpha": {"alephalpha"},
	"anthropic":   {"firstparty"}, // of Claude Code
	"aws.bedrock": {
		"amazon bedrock", "amazon-bedrock", "amazon_bedrock", "aws", "aws bedrock", "aws-bedrock", "aws.anthropic",
		"aws_bedrock", "awsbedrock", "bedrock", "bedrock_converse",
	},
	"azure":              nil,
	"azure.ai.inference": {"az.ai.inference", "azure-ai", "azure_ai", "foundry"},
	"azure.ai.openai":    {"az.ai.openai", "azure-openai", "azure.openai", "azure_open_ai", "azure_openai"},
	"cohere":             nil,
	"deepseek":           {"deepseek-ai"},
	"fireworks_ai":       {"fireworks", "fireworks-ai"},
	"gcp.gemini": {
		"gemini", "gemini-api-key", "google ai studio", "google-ai-studio", "google-gla", "google.generative-ai", "google_ai_gemini",
		"google_ai_studio_gemini", "googleai", "googlegeminiai",
	},
	"gcp.gen_ai": {"google", "google_genai"},
	"gcp.vertex_ai": {
		"gcp.anthropic", "gcp.vertex", "gcp_vertex_anthropic", "gcp_vertex_gemini", "google vertex", "google-vertex",
		"google-vertex-ai", "google.vertex", "google_vertex_ai_anthropic", "google_vertex_ai_gemini", "google_vertexai",
		"vertex", "vertex ai", "vertex-ai", "vertex_ai", "vertex_ai_beta", "vertexai",
	},
	"groq":           nil,
	"huggingface":    nil,
	"ibm.watsonx.ai": {"ibm watsonx", "watsonx", "watsonx_ai"},
	"mistral_ai":     {"mistral", "mistral-ai", "mistralai"},
	"moonshot_ai":    {"moonshot", "moonshot ai", "moonshotai"},
	"ollama":         nil,
	"openai":         {"api.openai.com", "open_ai", "openai-chat", "openai-responses", "openai_chat", "openai_responses"},
	"openrouter":     nil,
	"perplexity":     {"perplexity-ai"},
	"replicate":      nil,
	"together_ai":    {"together", "together-ai", "togetherai"},
	"x_ai":           {"grok", "x-ai", "xai"},
}

// noProviders are names of frameworks that stand in the provider's place. "other" is LangChain4j's word for a provider that it
// has no word for. "generic-ai-provider" is that of Braintrust for Java. Gemini CLI writes how one
// signed in: that names a provider, or is one of the words here.
var noProviders = []string{
	"agno", "autogen", "cloud-shell", "compute-default-credentials", "crewai", "dify", "dspy", "eino", "gcp.vertex.agent",
	"generic-ai-provider", "genkit",
	"google-adk", "google_adk", "haystack", "instructor", "langchain", "langgraph", "litellm", "llama_index",
	"llamaindex", "mastra", "microsoft.agent_framework", "oauth-personal", "openai_agents", "other", "pydantic-ai", "pydantic_ai",
	"semantic_kernel", "smolagents", "spring-ai", "spring_ai", "strands", "strands-agents", "trpc.go.agent",
}

// Providers maps spellings of the provider, in lower case, to the conventions' gen_ai.provider.name, and what is no provider to
// nothing. What is not listed stays as it is written. A path before it, as in langgenius/openai/openai, and one of
// ProviderSuffixes at its end are cut.
var Providers = func() map[string]string {
	names := map[string]string{}
	for name, others := range spellings {
		names[name] = name
		for _, spelling := range others {
			names[spelling] = name
		}
	}
	for _, name := range noProviders {
		names[name] = ""
	}
	return names
}()

// squeezed are Providers by their letters and digits alone, as people write them with blanks, hyphens, underscores or dots.
var squeezed = func() map[string]string {
	names := map[string]string{}
	for spelling, name := range Providers {
		var buffer [maxProvider]byte
		names[string(squeeze(&buffer, spelling))] = name
	}
	names["azurechatopenai"] = "azure.ai.openai"
	return names
}()

const maxProvider = 64

// interfaces are the words that people put after a provider's name, for one of its interfaces. LangChain puts one before it.
var interfaces = []string{"chat", "responses", "completions", "converse", "messages", "embeddings", "api", "v1", "v2"}

// SpelledProvider returns the provider that a spelling stands for, whatever is between its words. An interface may be named beside it.
// It returns nothing for what is known to be no provider.
func SpelledProvider(spelling string) (name string, known bool) {
	if len(spelling) > maxProvider {
		return "", false
	}
	var buffer [maxProvider]byte
	letters := squeeze(&buffer, spelling)
	if name, known = squeezed[string(letters)]; known {
		return name, true
	}
	for _, word := range interfaces {
		short, ok := bytes.CutSuffix(letters, []byte(word))
		if !ok {
			short, ok = bytes.CutPrefix(letters, []byte(word))
		}
		if name, known = squeezed[string(short)]; ok && known {
			return name, true
		}
	}
	return "", false
}

// squeeze returns the letters and digits of a text, in lower case.
func squeeze(to *[maxProvider]byte, text string) []byte {
	n := 0
	for i := range len(text) {
		if c := text[i]; isLetter(c) || '0' <= c && c <= '9' {
			to[n] = c
			if isLetter(c) {
				to[n] |= 0x20
			}
			n++
		}
	}
	return to[:n]
}

// providerHosts are the hosts of providers' interfaces, or their ends. By them a base URL in the provider's place is read.
var providerHosts = []struct{ host, provider string }{
	{"api.openai.com", "openai"},
	{".openai.azure.com", "azure.ai.openai"},
	{".inference.ai.azure.com", "azure.ai.inference"},
	{"api.anthropic.com", "anthropic"},
	{"generativelanguage.googleapis.com", "gcp.gemini"},
	{"aiplatform.googleapis.com", "gcp.vertex_ai"},
	{".amazonaws.com", "aws.bedrock"},
	{"api.mistral.ai", "mistral_ai"},
	{"api.cohere.com", "cohere"},
	{"api.cohere.ai", "cohere"},
	{"api.deepseek.com", "deepseek"},
	{"api.groq.com", "groq"},
	{"api.x.ai", "x_ai"},
	{"api.perplexity.ai", "perplexity"},
	{"openrouter.ai", "openrouter"},
	{"api.together.xyz", "together_ai"},
	{"api.fireworks.ai", "fireworks_ai"},
	{"api.moonshot.ai", "moonshot_ai"},
	{"api.moonshot.cn", "moonshot_ai"},
	{"huggingface.co", "huggingface"},
}

// ProviderOfHost returns the provider whose interface is at a host, or nothing. An address of one's own is no provider's name.
func ProviderOfHost(host string) string {
	for _, p := range providerHosts {
		if strings.HasSuffix(host, p.host) {
			return p.provider
		}
	}
	return ""
}

// ProviderSuffixes are the endings with which some emitters name the interface beside the provider, as in
// openai.chat.
var ProviderSuffixes = []string{
	".chat", ".responses", ".completion", ".completions", ".embedding", ".embeddings", ".messages", ".image",
	".speech", ".transcription", ".generative-ai",
}
