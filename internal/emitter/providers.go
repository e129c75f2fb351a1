// SPDX-License-Identifier: Apache-2.0

package emitter

import (
	"bytes"
	"strings"

	"github.com/otelcol-llm/otelcol-llm/internal/match"
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
	"cerebras":           nil,
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
	return providerByWords(spelling)
}

// providerWords are words for providers, and the provider if it is known by that word. Of several the first list counts: who
// serves another one's models bills for them.
var providerWords = [...]map[string]string{
	{
		"vertex": "gcp.vertex_ai", "vertexai": "gcp.vertex_ai", "bedrock": "aws.bedrock", "azure": "azure", "openrouter": "openrouter",
		"together": "together_ai", "fireworks": "fireworks_ai", "groq": "groq", "huggingface": "huggingface", "replicate": "replicate",
		"ollama": "ollama", "watsonx": "ibm.watsonx.ai",
	},
	{"gemini": "gcp.gemini"},
	{
		"openai": "openai", "anthropic": "anthropic", "claude": "anthropic", "mistral": "mistral_ai", "mistralai": "mistral_ai", "cohere": "cohere",
		"deepseek": "deepseek", "perplexity": "perplexity", "xai": "x_ai", "grok": "x_ai", "moonshot": "moonshot_ai", "moonshotai": "moonshot_ai",
	},
	{"google": "gcp.gen_ai", "gcp": "gcp.gen_ai", "aws": "aws.bedrock", "amazon": "aws.bedrock"},
	// Of interfaces and products: they name nobody.
	{
		"ai": "", "api": "", "llm": "", "chat": "", "responses": "", "completion": "", "completions": "", "converse": "", "messages": "",
		"embedding": "", "embeddings": "", "runtime": "", "service": "", "studio": "", "sdk": "", "v1": "", "v2": "", "genai": "", "model": "", "models": "",
		"language": "", "text": "", "cloud": "", "foundry": "", "inference": "",
	},
}

// maxProviderWord is the length in bytes of the longest of these words.
const maxProviderWord = 12

// providerByWords returns the provider that all words of a name are about.
func providerByWords(spelling string) (name string, known bool) {
	best, openAI, foundry := len(providerWords), false, false
	for spelling != "" {
		end := strings.IndexAny(spelling, " ._-/:()")
		word := spelling
		if end >= 0 {
			word, spelling = spelling[:end], spelling[end+1:]
		} else {
			spelling = ""
		}
		if word == "" {
			continue
		}
		if len(word) > maxProviderWord {
			return "", false
		}
		var buffer [maxProvider]byte
		letters := squeeze(&buffer, word)
		foundry = foundry || string(letters) == "foundry" || string(letters) == "inference"
		at := 0
		for ; at < len(providerWords); at++ {
			if of, ok := providerWords[at][string(letters)]; ok {
				openAI = openAI || of == "openai"
				if at < best && of != "" {
					best, name = at, of
				}
				break
			}
		}
		if at == len(providerWords) {
			return "", false
		}
	}
	switch {
	case name == "azure" && openAI:
		name = "azure.ai.openai"
	case name == "azure" && foundry:
		name = "azure.ai.inference"
	default:
	}
	return name, name != ""
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

// providerHosts are the hosts of providers' interfaces by the last two parts of their names. A star stands for anything.
// Sources: the providers' API references; resources of Azure for those of its two products.
var providerHosts = map[string][]struct{ host, provider string }{
	"openai.com":        {{"api.openai.com", "openai"}, {"*.api.openai.com", "openai"}},
	"azure.com":         {{"*.openai.azure.com", "azure.ai.openai"}, {"*.cognitiveservices.azure.com", "azure.ai.openai"}, {"*.ai.azure.com", "azure.ai.inference"}},
	"anthropic.com":     {{"api.anthropic.com", "anthropic"}},
	"googleapis.com":    {{"generativelanguage.googleapis.com", "gcp.gemini"}, {"*aiplatform.*", "gcp.vertex_ai"}},
	"azure.us":          {{"*.openai.azure.us", "azure.ai.openai"}},
	"azure.cn":          {{"*.openai.azure.cn", "azure.ai.openai"}},
	"amazonaws.com":     {{"bedrock-*", "aws.bedrock"}, {"*.bedrock-*", "aws.bedrock"}},
	"com.cn":            {{"bedrock-*.amazonaws.com.cn", "aws.bedrock"}},
	"mistral.ai":        {{"api.mistral.ai", "mistral_ai"}, {"codestral.mistral.ai", "mistral_ai"}},
	"cohere.com":        {{"api.cohere.com", "cohere"}},
	"cohere.ai":         {{"api.cohere.ai", "cohere"}},
	"deepseek.com":      {{"api.deepseek.com", "deepseek"}},
	"groq.com":          {{"api.groq.com", "groq"}},
	"x.ai":              {{"api.x.ai", "x_ai"}, {"*.api.x.ai", "x_ai"}},
	"perplexity.ai":     {{"api.perplexity.ai", "perplexity"}},
	"openrouter.ai":     {{"*", "openrouter"}},
	"together.xyz":      {{"api.together.xyz", "together_ai"}},
	"together.ai":       {{"api.together.ai", "together_ai"}},
	"fireworks.ai":      {{"api.fireworks.ai", "fireworks_ai"}},
	"moonshot.ai":       {{"api.moonshot.ai", "moonshot_ai"}},
	"moonshot.cn":       {{"api.moonshot.cn", "moonshot_ai"}},
	"huggingface.co":    {{"*", "huggingface"}},
	"huggingface.cloud": {{"*", "huggingface"}},
	"replicate.com":     {{"api.replicate.com", "replicate"}},
	"ibm.com":           {{"*.ml.cloud.ibm.com", "ibm.watsonx.ai"}},
	"ollama.com":        {{"*", "ollama"}},
}

// ProviderOfHost returns the provider whose interface is at a host, or nothing. An address of one's own is no provider's name.
func ProviderOfHost(host string) string {
	host = strings.ToLower(host) // without a copy where it is already
	dots := strings.LastIndexByte(host, '.')
	if dots < 0 {
		return ""
	}
	domain := host[strings.LastIndexByte(host[:dots], '.')+1:]
	for _, p := range providerHosts[domain] {
		if match.Match(p.host, host) {
			return p.provider
		}
	}
	return ""
}

// ollamaPort is the port of Ollama alone, unless somebody chose it.
const ollamaPort = 11434

// ProviderOfServer returns the provider that answers at an address, as far as its host or port are somebody's.
func ProviderOfServer(host string, port float64) string {
	if provider := ProviderOfHost(host); provider != "" || port != ollamaPort {
		return provider
	}
	return "ollama"
}

// ProviderSuffixes are the endings with which some emitters name the interface beside the provider, as in
// openai.chat.
var ProviderSuffixes = []string{
	".chat", ".responses", ".completion", ".completions", ".embedding", ".embeddings", ".messages", ".image",
	".speech", ".transcription", ".generative-ai",
}
