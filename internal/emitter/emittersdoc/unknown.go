// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"slices"
	"strings"
)

// reason says in a word why the matrix cannot answer.
type reason string

// The reasons.
const (
	// closed emitters have no public source, and what is published about them does not say.
	closed reason = "closed"
	// wrong values are sent, and not read: the emitter's section says what they are instead.
	wrong reason = "wrong"
)

// reasons are the texts of the page about the reasons.
var reasons = []struct {
	reason reason
	text   string
}{
	{closed, "no source is public, and what is published does not say"},
	{wrong, "sent with another meaning, and not read; the emitter's section says which"},
}

// unknown are the columns of an emitter that neither cases nor sources answer.
var unknown = map[string]map[reason][]int{
	"kong":                  {closed: {firstToken, cached, reasoning, cost, streaming, errored, cancelled}},
	"openrouter":            {closed: {firstToken, cached, reasoning, streaming, cancelled}},
	"vercel-ai-gateway":     {closed: {cancelled}},
	"cloudflare-ai-gateway": {closed: {cached, reasoning, cancelled}},
	"truefoundry":           {closed: {reasoning, finish, cancelled}},
	"cursor":                {closed: {duration, firstToken, reasoning, cost, finish, streaming, cancelled}},

	"eino":       {wrong: {firstToken}},
	"openlit-go": {wrong: {firstToken}},
	"trulens":    {wrong: {cost}},
}

// unanswered returns why a column of an emitter has no answer, empty for none.
func unanswered(name string, column int) reason {
	for _, r := range reasons {
		if slices.Contains(unknown[name][r.reason], column) {
			return r.reason
		}
	}
	return ""
}

// reasonRows are the rows of the page's legend about the reasons.
func reasonRows() string {
	var p strings.Builder
	for _, r := range reasons {
		fmt.Fprintf(&p, "| %s | %s |\n", r.reason, r.text)
	}
	return p.String()
}
