// SPDX-License-Identifier: Apache-2.0

package config

import (
	"errors"
	"fmt"
	"slices"

	"github.com/otelcol-llm/otelcol-llm/internal/enrichment"
)

// Enrichment writes what was derived from spans back to them, for whatever comes behind the processor.
type Enrichment struct {
	// Enabled switches it on; spans are otherwise handed on as they are.
	Enabled bool `mapstructure:"enabled"`
	// Attributes are what is written, by name; all by default. See the README for the names and keys.
	Attributes []string `mapstructure:"attributes"`
	// Overwrite replaces attributes that spans have already; off by default.
	Overwrite bool `mapstructure:"overwrite"`
}

// Validate checks that the attributes exist.
func (e Enrichment) Validate() error {
	known := enrichment.Names()
	if e.Attributes != nil && len(e.Attributes) == 0 {
		return errors.New("attributes: must name at least one, got none")
	}
	for i, name := range e.Attributes {
		if !slices.Contains(known, name) {
			return fmt.Errorf("attributes::%d: %s", i, notAmong(known, name))
		}
	}
	return nil
}

// enricher returns what enriches spans, or nil if nothing is to.
func (e *Enrichment) enricher() *enrichment.Enricher {
	switch {
	case !e.Enabled:
		return nil
	case e.Attributes == nil:
		return enrichment.New(enrichment.Names(), e.Overwrite)
	default:
		return enrichment.New(e.Attributes, e.Overwrite)
	}
}
