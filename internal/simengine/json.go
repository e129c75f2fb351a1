// SPDX-License-Identifier: Apache-2.0

package simengine

import "encoding/json"

func marshal(value any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err) // maps of strings and numbers
	}
	return text
}
