// SPDX-License-Identifier: Apache-2.0

// Package condition evaluates users' conditions on spans. They are written in OTTL, the collector's own language, in the context
// of spans. An example is attributes["app.tier"] == "gold" and resource.attributes["region"] != nil.
package condition

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/ottl"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/ottl/contexts/ottlspan"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/ottl/ottlfuncs"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.uber.org/zap"
)

// Max is the number of conditions that a Set can hold: one for each bit of what Holding returns.
const Max = 32

// Set is a number of conditions. It may be used by many goroutines.
type Set struct {
	conditions []condition
	logger     *zap.Logger
	errors     atomic.Uint64
}

type condition struct {
	text     string
	compiled *ottl.Condition[*ottlspan.TransformContext]
	// warn makes the first error known; those that follow are only counted.
	warn *sync.Once
}

// Check returns what is wrong with the text of a condition.
func Check(text string) error {
	_, err := New([]string{text}, zap.NewNop())
	return err
}

// New compiles up to Max conditions.
func New(texts []string, logger *zap.Logger) (*Set, error) {
	parser, err := ottlspan.NewParser(
		ottlfuncs.StandardConverters[*ottlspan.TransformContext](), component.TelemetrySettings{Logger: logger})
	if err != nil {
		return nil, fmt.Errorf("cannot make a parser of conditions: %w", err)
	}
	s := &Set{logger: logger}
	for _, text := range texts {
		compiled, err := parser.ParseCondition(text)
		if err != nil {
			return nil, fmt.Errorf("is no OTTL condition on a span: %w", err)
		}
		s.conditions = append(s.conditions, condition{text, compiled, new(sync.Once)})
	}
	return s, nil
}

// Holding returns the conditions that hold for a span, each as the bit of its place. A condition that cannot be
// evaluated, such as one that compares what cannot be compared, does not hold; see Errors.
func (s *Set) Holding(resource ptrace.ResourceSpans, scope ptrace.ScopeSpans, span ptrace.Span) (mask uint32) {
	about := ottlspan.NewTransformContextPtr(resource, scope, span)
	defer about.Close()
	for i := range s.conditions {
		if s.conditions[i].holds(about, s) {
			mask |= 1 << i
		}
	}
	return mask
}

func (c *condition) holds(about *ottlspan.TransformContext, s *Set) bool {
	holds, err := c.compiled.Eval(context.Background(), about)
	if err != nil {
		s.errors.Add(1)
		c.warn.Do(func() {
			s.logger.Warn("Cannot evaluate a condition on a span, so it does not hold there; further errors are only counted",
				zap.String("condition", c.text), zap.Error(err))
		})
	}
	return err == nil && holds
}

// Errors returns how often a condition could not be evaluated.
func (s *Set) Errors() uint64 { return s.errors.Load() }
