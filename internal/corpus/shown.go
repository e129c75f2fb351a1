// SPDX-License-Identifier: Apache-2.0

package corpus

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Shown is what the cases show of one emitter, by the requests that count.
type Shown struct {
	// Layer is that of the last request.
	Layer string
	// Requests is their number.
	Requests int
	// Keys is the number of requests that have a value under a key of expected.json.
	Keys map[string]int
	// Outcomes is the number of requests by outcome.
	Outcomes map[string]int
	// Cases are the cases, each once, in order: the folder of its kind below testdata, and its name.
	Cases []string
	bases []Basis
}

// Survey reads what the cases of a repository show, by the emitter's name. Made-up cases prove nothing of an emitter that has
// others: they show a rule.
func Survey(root string) (map[string]*Shown, error) {
	cases, err := Load(root)
	if err != nil {
		return nil, err
	}
	logs, err := LoadLogs(root)
	if err != nil {
		return nil, err
	}
	cases = append(cases, logs...)
	all, madeUp := map[string]*Shown{}, map[string]*Shown{}
	for i := range cases {
		to := all
		if cases[i].Basis == MadeUp {
			to = madeUp
		}
		if err := cases[i].survey(to); err != nil {
			return nil, fmt.Errorf("%s: %w", cases[i].Name, err)
		}
	}
	for name, shown := range madeUp {
		if all[name] == nil {
			all[name] = shown
		}
	}
	return all, nil
}

func (c *Case) survey(all map[string]*Shown) error {
	raw, err := os.ReadFile(filepath.Join(c.Folder, "expected.json"))
	if err != nil {
		return err
	}
	var expected struct {
		Spans []map[string]any `json:"spans"`
	}
	if err := json.Unmarshal(raw, &expected); err != nil {
		return err
	}
	for _, span := range expected.Spans {
		name, _ := span["emitter"].(string)
		if name == "" {
			name = c.Emitter
		}
		if name == "" || span["counted"] != true {
			continue
		}
		if all[name] == nil {
			all[name] = &Shown{Keys: map[string]int{}, Outcomes: map[string]int{}}
		}
		s := all[name]
		s.Layer, _ = span["layer"].(string)
		s.Requests++
		for key := range span {
			s.Keys[key]++
		}
		if outcome, ok := span["outcome"].(string); ok {
			s.Outcomes[outcome]++
		}
		if path := filepath.Base(filepath.Dir(c.Folder)) + "/" + c.Name; !slices.Contains(s.Cases, path) {
			s.Cases = append(s.Cases, path)
		}
		s.bases = append(s.bases, c.Basis)
	}
	return nil
}

// Add adds what another emitter's cases show.
func (s *Shown) Add(other *Shown) {
	s.Layer, s.Requests = other.Layer, s.Requests+other.Requests
	for key, n := range other.Keys {
		s.Keys[key] += n
	}
	for outcome, n := range other.Outcomes {
		s.Outcomes[outcome] += n
	}
	s.Cases = append(s.Cases, other.Cases...)
	s.bases = append(s.bases, other.bases...)
}

// Known is how the shape of an emitter's spans is known at best: from cases, or from its table's source. The latter says
// "measured" where spans of the real program were looked at.
func (s *Shown) Known(source string) string {
	if strings.Contains(strings.ReplaceAll(source, "not measured", ""), "measured") || slices.Contains(s.bases, Measured) {
		return "measured"
	}
	for _, b := range []struct {
		basis Basis
		title string
	}{
		{Read, "source"},
		{Documented, "documentation"},
		{Conventional, "conventions"},
		{MadeUp, "other emitters of its kind"},
	} {
		if slices.Contains(s.bases, b.basis) {
			return b.title
		}
	}
	return "not written down"
}
