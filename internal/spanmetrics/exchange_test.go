// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// posted makes a link the HTTP request to a model, which failed with a status, or succeeded.
func (l link) posted(url string, status int64) link {
	l.operation, l.url, l.status = "", url, status
	return l
}

// Some instrumentations end the span of a call that failed without a word. Then the last HTTP request below shows how it ended.
func TestTheLastExchangeSaysHowACallWithoutAnEndEnded(t *testing.T) {
	const url = "http://gateway:8080/v1/chat/completions"
	call, answered := link{operation: "chat", id: 1, to: 20}, link{operation: "chat", id: 1, to: 20, input: 10}
	chain, tool := link{operation: "chain", id: 2, parent: 1, to: 20}, link{operation: "execute_tool", id: 2, parent: 1, to: 20}
	last, early := link{id: 5, parent: 1, from: 10, to: 19.9}, link{id: 4, parent: 1, from: 1, to: 5}
	below := func(parent byte, l link) link { l.parent = parent; return l }
	for name, test := range map[string]struct {
		spans   []link
		outcome string
		kind    string
	}{
		"a failed one":                    {[]link{last.posted(url, 429), call}, "error", "429"},
		"one to a provider":               {[]link{last.posted("https://api.openai.com/any", 503), call}, "error", "503"},
		"one that shows no address":       {[]link{last.posted("", 429), call}, "error", "429"},
		"one that succeeded":              {[]link{last.posted(url, 200), call}, "success", ""},
		"one that failed, another came":   {[]link{early.posted(url, 429), last.posted(url, 200), call}, "success", ""},
		"one that failed, one more":       {[]link{early.posted(url, 429), last.posted(url, 500), call}, "error", "500"},
		"one below a chain":               {[]link{below(2, last).posted(url, 429), chain, call}, "error", "429"},
		"one of a tool":                   {[]link{below(2, last).posted(url, 429), tool, call}, "success", ""},
		"one of a call with an answer":    {[]link{last.posted(url, 429), answered}, "success", ""},
		"one that the caller left":        {[]link{last.posted(url, 499), call}, "cancelled", "499"},
		"one to somewhere else, not held": {[]link{last.posted("http://shop/cart", 500), call}, "success", ""},
	} {
		for order, gap := range map[string]time.Duration{"at once": 0, "apart": time.Second} {
			t.Run(name+" "+order, func(t *testing.T) {
				var arrivals []arrival
				for i, l := range test.spans {
					arrivals = append(arrivals, l.sent(time.Duration(i)*gap))
				}
				e, now := arrive(t, waitingOptions(), arrivals)
				all := settled(t)(e, now)
				assert.EqualValues(t, 1, e.Stats().Requests)
				found := false
				for key := range all {
					found = found || strings.HasPrefix(key, "llm.requests ") && strings.Contains(key, "llm.outcome=Str:"+test.outcome) && strings.Contains(key, test.kind)
				}
				assert.True(t, found, "%s %s in %v", test.outcome, test.kind, all)
			})
		}
	}
}
