// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// A path, a query or a password has no place among the attributes of a metric.
func TestOfAURLTheHostIsTheServersAddress(t *testing.T) {
	for address, want := range map[string]string{
		"api.openai.com":                         "api.openai.com",
		"10.0.0.7":                               "10.0.0.7",
		"":                                       "",
		"httpbin.internal":                       "httpbin.internal",
		"https://api.openai.com/v1":              "api.openai.com",
		"http://localhost:11434":                 "localhost",
		"http://[::1]:8000/v1":                   "[::1]",
		"http://[::1]/v1":                        "[::1]",
		"https://user:secret@llm.example.org:8?": "llm.example.org",
		"https://llm.example.org?key=secret":     "llm.example.org",
		"https://":                               "",
	} {
		assert.Equal(t, want, host(address), address)
	}
}
