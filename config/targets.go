// SPDX-License-Identifier: Apache-2.0

package config

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Target is a service level that requests meet or do not, which llm.slo.requests counts. A request meets it if it keeps all of
// the bounds, of which there must be one. A failed one does not, and a cancelled one is left out.
type Target struct {
	// TimeToFirstToken, TimePerOutputToken and Duration are the upper bounds.
	TimeToFirstToken   time.Duration `mapstructure:"time_to_first_token"`
	TimePerOutputToken time.Duration `mapstructure:"time_per_output_token"`
	Duration           time.Duration `mapstructure:"duration"`
	// Models and Providers are names of those that the target is for; "*" stands for any characters. All by default.
	Models    []string `mapstructure:"models"`
	Providers []string `mapstructure:"providers"`
	// Layers are the layers that the target is for; all by default.
	Layers []Layer `mapstructure:"layers"`
}

// Validate checks that there is a bound.
func (t Target) Validate() error {
	var errs []error
	bounds := 0
	for _, bound := range []struct {
		key   string
		value time.Duration
	}{
		{"time_to_first_token", t.TimeToFirstToken},
		{"time_per_output_token", t.TimePerOutputToken},
		{"duration", t.Duration},
	} {
		if bound.value < 0 {
			errs = append(errs, fmt.Errorf("%s: must be above 0, got %s", bound.key, bound.value))
		}
		if bound.value != 0 {
			bounds++
		}
	}
	if bounds == 0 {
		errs = append(errs, errors.New("needs at least one bound, time_to_first_token, time_per_output_token or duration, got none"))
	}
	if slices.Contains(t.Models, "") {
		errs = append(errs, errors.New("models: must not hold an empty name"))
	}
	if slices.Contains(t.Providers, "") {
		errs = append(errs, errors.New("providers: must not hold an empty name"))
	}
	return errors.Join(errs...)
}
