// SPDX-License-Identifier: Apache-2.0

package pricing

// Part is the tokens of a request that can have a price of their own.
type Part uint8

// The parts. A part comes after the one that it is a part of.
const (
	Input Part = iota
	Output
	// CacheRead and CacheWrite are parts of Input.
	CacheRead
	CacheWrite
	// CacheWriteHour is the part of CacheWrite that is kept for an hour.
	CacheWriteHour
	// Reasoning is a part of Output.
	Reasoning
	AudioInput
	ImageInput
	AudioCacheRead
	ImageCacheRead
	AudioOutput
	ImageOutput
	// Parts is the number of parts.
	Parts
)

// wholes are what the tokens of each part cost where they have no price of their own.
var wholes = [Parts]Part{
	Input: Input, Output: Output, CacheRead: Input, CacheWrite: Input, CacheWriteHour: CacheWrite, Reasoning: Output,
	AudioInput: Input, ImageInput: Input, AudioCacheRead: CacheRead, ImageCacheRead: CacheRead,
	AudioOutput: Output, ImageOutput: Output,
}

// Unknown is the rate of tokens whose price is not known, which is not free.
const Unknown = -1

// Rates are prices of tokens in US dollars per token, at least 0 or Unknown.
type Rates [Parts]float64

// NoRates are those of a model of which no price is known.
var NoRates = func() (none Rates) {
	for part := range none {
		none[part] = Unknown
	}
	return none
}()

// over returns the rates with those of a tier in their place, as far as the tier has any. Reasoning costs what the
// tier's output costs: price lists repeat it where it differs. Source: Google's prices of Gemini 2.5 above 200,000 tokens.
func (r Rates) over(tier *Rates) Rates {
	if tier[Output] != Unknown {
		r[Reasoning] = Unknown
	}
	for part, rate := range tier {
		if rate != Unknown {
			r[part] = rate
		}
	}
	return r
}

// filled returns the rates with those of the wholes where parts have none.
func (r Rates) filled() Rates {
	for part := range r {
		if r[part] == Unknown {
			r[part] = r[wholes[part]]
		}
	}
	return r
}

// Price is what a model costs.
type Price struct {
	// Rates hold where no tier does.
	Rates Rates
	// Tiers hold for some requests.
	Tiers []Tier
}

// Tier is rates of some requests; those that it lacks are the model's.
type Tier struct {
	// Service is the service tier that the rates are for, or AnyService.
	Service Service
	// Above is a number of input tokens, cached ones included; 0 for no such bound. Above it all tokens of a request cost this.
	Above float64
	Rates Rates
}

// Rule is the price of the models that fit it.
type Rule struct {
	// Model and Provider are patterns: "*" stands for any characters, case does not matter, and an empty pattern
	// fits all.
	Model, Provider string
	Price           Price
}
