// SPDX-License-Identifier: Apache-2.0

package llmengine

// openAIModels is the list of served models. Elements with a parent are LoRA adapters; several names of one model share a root.
var openAIModels = Lookup{Path: "/v1/models", Family: "json_openai_models", Root: "data"}

var loadedOpenAIModels = Row{
	Concept: ModelLoaded, Names: []string{"json_openai_models"}, Where: is("parent", ""), Once: "root", Model: []string{"id"},
}

func underPrefix(prefix string, names []string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = prefix + name
	}
	return out
}
