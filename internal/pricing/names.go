// SPDX-License-Identifier: Apache-2.0

package pricing

import "strings"

// listProviders are LiteLLM's words for providers that the conventions call otherwise. They open the names of models in its list.
// Source: BerriAI/litellm model_prices_and_context_window.json @00035b69, litellm_provider.
var listProviders = map[string][]string{
	"azure.ai.openai":    {"azure"},
	"azure.ai.inference": {"azure_ai", "azure"},
	"gcp.gemini":         {"gemini"},
	"gcp.gen_ai":         {"gemini"},
	"gcp.vertex_ai":      {"vertex_ai"},
	"aws.bedrock":        {"bedrock"},
	"mistral_ai":         {"mistral"},
	"x_ai":               {"xai"},
	"moonshot_ai":        {"moonshot"},
	"ibm.watsonx.ai":     {"watsonx"},
}

// bedrockRegions open the ids of Bedrock's inference profiles, which run a model in several regions. A list that has none of a profile
// charges the model's price, as LiteLLM does.
var bedrockRegions = []string{"us.", "us-gov.", "eu.", "apac.", "jp.", "au.", "ca.", "global."}

// resellers hand on other providers' models at those providers' prices, and name them by provider and model.
var resellers = map[string]bool{"": true, "litellm": true, "openrouter": true, "vercel": true, "portkey": true}

// listed calls yield for the names that a list can have for a provider's model, until it returns false. The most exact one comes
// first. All are in lower case. A name without the provider is of whoever made the model.
func listed(provider, model string, yield func(name string) bool) {
	variants(provider, model, func(variant string) bool {
		if provider != "" && !yield(provider+"/"+variant) {
			return false
		}
		for _, opening := range listProviders[provider] {
			if !yield(opening + "/" + variant) {
				return false
			}
		}
		return yield(variant)
	})
}

// variants calls yield for the ways in which one model is named, until it returns false. Names can have the path of a cloud's
// resource, a profile's region, a provider, or who had the model tuned.
func variants(provider, model string, yield func(variant string) bool) {
	if !yield(model) {
		return
	}
	resource := model
	switch {
	case strings.HasPrefix(model, "arn:"), strings.HasPrefix(model, "models/"), strings.Contains(model, "/models/"):
		resource = model[strings.LastIndexByte(model, '/')+1:]
	case strings.HasPrefix(model, "ft:"):
		if parts := strings.SplitN(model, ":", 3); len(parts) == 3 { // ft:model:organization:name:id
			resource = "ft:" + parts[1]
		}
	default:
		if of, rest, ok := strings.Cut(model, "/"); ok && (resellers[provider] || isListedAs(provider, of)) {
			resource = rest
		}
	}
	if resource != model && !yield(resource) {
		return
	}
	for _, region := range bedrockRegions {
		if short, ok := strings.CutPrefix(resource, region); ok {
			yield(short)
			return
		}
	}
}

// isListedAs reports whether a word stands for the provider in names of models.
func isListedAs(provider, word string) bool {
	if provider == word {
		return true
	}
	for _, opening := range listProviders[provider] {
		if opening == word {
			return true
		}
	}
	return false
}
