// SPDX-License-Identifier: Apache-2.0

package llmengine

import "slices"

// LabelSet are the labels of a series.
type LabelSet interface {
	// Get is the value of a label, "" without it.
	Get(name string) string
}

func first(labels LabelSet, names []string) string {
	for _, name := range names {
		if v := labels.Get(name); v != "" {
			return v
		}
	}
	return ""
}

func fulfils(labels LabelSet, conditions []Match) bool {
	for _, c := range conditions {
		if !slices.Contains(c.Values, labels.Get(c.Label)) {
			return false
		}
	}
	return true
}
