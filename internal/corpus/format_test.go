// SPDX-License-Identifier: Apache-2.0

package corpus

import (
	"testing"

	"github.com/stretchr/testify/assert"
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
	assert.Equal(t, want, string(format([]byte(document))))
	assert.Equal(t, want, string(format([]byte(want))), "what is written stays as it is")
}
