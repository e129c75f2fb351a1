// SPDX-License-Identifier: Apache-2.0

package llmengine

import "slices"

// engines are in the order of the generated page.
var engines = []*Engine{
	&vllm, &aphrodite, &sglang, &tensorRTLLM, &triton, &nim, &tgi, &tei, &llamaCPP, &ollama, &lmStudio, &lmdeploy, &xinference,
	&vllmMLX, &lmcache, &dynamo, &endpointPicker, &productionStack, &sglangRouter, &litellm, &bifrost, &envoyAIGateway,
}

// JSONPages are documents that are an engine's whole page, by the engine's name.
func JSONPages(engine *Engine) (pages []Lookup) {
	if engine == &tensorRTLLM {
		return []Lookup{tensorRTLLMStats}
	}
	return slices.DeleteFunc(slices.Clone(engine.Lookups), func(l Lookup) bool { return !l.State })
}

// Engines are all kinds that are known.
func Engines() []*Engine { return engines }

// ByName finds an engine by its name.
func ByName(name string) *Engine {
	for _, e := range engines {
		if e.Name == name {
			return e
		}
	}
	return nil
}
