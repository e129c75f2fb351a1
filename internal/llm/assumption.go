// SPDX-License-Identifier: Apache-2.0

package llm

// Assumption is something that decides about a price, that a request's spans do not carry, and that was assumed.
type Assumption uint8

// The assumptions.
const (
	// AssumedServiceTier requests carry no service tier, or one without a price, and the model has prices of several.
	AssumedServiceTier Assumption = iota
	// AssumedCacheTTL requests wrote to a cache for a time that they do not carry, and it has a price.
	AssumedCacheTTL
	// AssumedModality requests do not carry how many of their tokens are audio or images, which have a price.
	AssumedModality
	// Assumptions is the number of assumptions.
	Assumptions
)

var assumptionNames = [Assumptions]string{
	AssumedServiceTier: "service_tier", AssumedCacheTTL: "cache_ttl", AssumedModality: "modality",
}

// String returns the assumption's name in self telemetry.
func (a Assumption) String() string { return assumptionNames[a] }

// Assumed is a set of assumptions.
type Assumed uint8

// With returns the set with one more assumption.
func (s Assumed) With(a Assumption) Assumed { return s | 1<<a }

// Has reports whether the set has the assumption.
func (s Assumed) Has(a Assumption) bool { return s&(1<<a) != 0 }
