// SPDX-License-Identifier: Apache-2.0

package emitter_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
)

// Frameworks name a provider's interface, class or product.
func TestProvidersAreReadByTheWordsOfTheirNames(t *testing.T) {
	for spelling, want := range map[string]string{
		"vertex.anthropic.messages": "gcp.vertex_ai", "vertex_ai-language-models": "gcp.vertex_ai", "Google Cloud Vertex AI": "gcp.vertex_ai",
		"anthropic-bedrock": "aws.bedrock", "ChatBedrockConverse": "aws.bedrock", "bedrock-runtime": "aws.bedrock",
		"AzureChatOpenAI": "azure.ai.openai", "Azure OpenAI Service": "azure.ai.openai", "Azure AI Foundry": "azure.ai.inference",
		"text-completion-openai": "openai", "Claude API": "anthropic", "Google Gemini": "gcp.gemini", "google-genai": "gcp.gen_ai",
		"google_generative_ai": "gcp.gemini", "IBM watsonx.ai": "ibm.watsonx.ai", "xai-chat": "x_ai",
	} {
		got, known := emitter.SpelledProvider(spelling)
		assert.True(t, known, spelling)
		assert.Equal(t, want, got, spelling)
	}
	for _, own := range []string{"openai-compatible", "my_openai_proxy", "hosted_vllm", "chat", "ai", "cloud", ""} {
		got, known := emitter.SpelledProvider(own)
		assert.False(t, known, "%s is read as %s", own, got)
	}
}

func TestHostsAreThoseOfProvidersAlone(t *testing.T) {
	for host, want := range map[string]string{
		"api.openai.com": "openai", "eu.api.openai.com": "openai", "API.OpenAI.com": "openai", "x.openai.azure.com": "azure.ai.openai",
		"x.services.ai.azure.com": "azure.ai.inference", "bedrock-runtime.us-east-1.amazonaws.com": "aws.bedrock",
		"vpce-1.bedrock-runtime.us-east-1.vpce.amazonaws.com": "aws.bedrock", "bedrock-runtime.cn-north-1.amazonaws.com.cn": "aws.bedrock",
		"us-central1-aiplatform.googleapis.com": "gcp.vertex_ai", "generativelanguage.googleapis.com": "gcp.gemini", "router.huggingface.co": "huggingface",
		"lb.us-east-1.elb.amazonaws.com": "", "storage.googleapis.com": "", "api.openai.com.example.org": "", "fooapi.x.ai": "", "www.openai.com": "",
		"localhost": "", "10.0.0.1": "", "": "", ".": "",
	} {
		assert.Equal(t, want, emitter.ProviderOfHost(host), host)
	}
	assert.Equal(t, "ollama", emitter.ProviderOfServer("localhost", 11434))
	assert.Equal(t, "openai", emitter.ProviderOfServer("api.openai.com", 11434))
	assert.Empty(t, emitter.ProviderOfServer("localhost", 8000))
}
