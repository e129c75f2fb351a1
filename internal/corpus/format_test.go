// SPDX-License-Identifier: Apache-2.0

package corpus

import (
	"testing"
)

func TestSpansAreWrittenOneLineAnAttribute(t *testing.T) {
	const document = `{"resourceSpans":[{"resource":{},"scopeSpans":[{"scope":{"name":"ai"},"spans":[{"name":"chat {x}",
"attributes":[{"key":"gen_ai.system","value":{"stringValue":"a, \"b\""}},{"key":"list","value":{"arrayValue":{"values":[{"intValue":"1"}]}}}],
"status":{}}]}]}]}`
	const want = `{
  "resourceSpans": [
    {
      "resource": {},
      "scopeSpans": [
        {
          "scope": {"name": "ai"},
          "spans": [
            {
              "name": "chat {x}",
              "attributes": [
                {"key": "gen_ai.system", "value": {"stringValue": "a, \"b\""}},
                {"key": "list", "value": {"arrayValue": {"values": [{"intValue": "1"}]}}}
              ],
              "status": {}
            }
          ]
        }
      ]
    }
  ]
}
`
	for _, written := range []string{document, want} {
		if got := string(format([]byte(written))); got != want {
			t.Errorf("formatted as %s, expected %s", got, want)
		}
	}
}
