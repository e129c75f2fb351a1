// SPDX-License-Identifier: Apache-2.0

package pricing

import "strings"

// Service is a provider's service tier, as far as price lists separate them.
type Service uint8

// The service tiers.
const (
	// AnyService is what spans without a service tier have, and tiers that hold for all of them.
	AnyService Service = iota
	Standard
	Batch
	Flex
	Priority
	// OtherService tiers have no prices in lists, such as those that are paid in advance.
	OtherService
	// Services is the number of service tiers.
	Services
)

// serviceWords are the providers' words. Sources: the API references of OpenAI (auto, default, flex, priority, scale),
// Anthropic (standard, priority, batch), Gemini and Vertex AI (ON_DEMAND, ON_DEMAND_FLEX, ON_DEMAND_PRIORITY,
// PROVISIONED_THROUGHPUT), Bedrock (default, flex, priority, reserved), Groq (on_demand, flex, performance). OpenAI's "fast" of
// Codex is billed as priority. "auto" asks for a tier and names none.
var serviceWords = []struct {
	word    string
	service Service
}{
	{"", AnyService},
	{"auto", AnyService},
	{"default", Standard},
	{"standard", Standard},
	{"standard_only", Standard},
	{"on_demand", Standard},
	{"batch", Batch},
	{"batches", Batch},
	{"flex", Flex},
	{"on_demand_flex", Flex},
	{"priority", Priority},
	{"on_demand_priority", Priority},
	{"fast", Priority},
}

// ServiceOf returns the service tier of a provider's word, whose case does not matter.
func ServiceOf(word string) Service {
	for i := range serviceWords {
		if strings.EqualFold(serviceWords[i].word, word) {
			return serviceWords[i].service
		}
	}
	return OtherService
}

// Assume is what is assumed of requests whose spans do not carry it.
type Assume struct {
	// Service is the service tier; AnyService stands for Standard.
	Service Service
	// CacheHour says that caches are written for an hour.
	CacheHour bool
}

func (a Assume) service() Service {
	if a.Service == AnyService {
		return Standard
	}
	return a.Service
}
