// SPDX-License-Identifier: Apache-2.0

package llmengine

// key identifies a reading within a concept.
type key struct {
	instance, model, index string
	attrs                  [2]string
}

type sample struct {
	use
	key
	value float64
	rank  uint64
	// time is when the series was written, for rows where the newest counts.
	time float64
	// bound is the upper one of a bucket.
	bound float64
	once  string
}
