// SPDX-License-Identifier: Apache-2.0

package emitter

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestMessagesSayWhoEndedARequest(t *testing.T) {
	for message, want := range map[string]bool{
		"context canceled":                                      true,
		"rpc error: code = Canceled desc = stream":              true,
		"This operation was aborted":                            true,
		"The user aborted a request.":                           true,
		"user cancelled":                                        true,
		"client disconnected":                                   true,
		"Client Closed Request":                                 true,
		"stream closed by client":                               true,
		"cancelled by the caller":                               true,
		"A task was canceled.":                                  true,
		"Generation has been cancelled by the user":             true,
		"signal is aborted without reason":                      true,
		"BodyStreamBuffer was aborted":                          true,
		"Cancelled via cancel scope 7f9":                        true,
		"client_disconnected":                                   true,
		"REQUEST_CANCELLED":                                     true,
		"ConnectionClosedByClient":                              true,
		"RequestAbortedError":                                   true,
		"HTTPClientDisconnected":                                true,
		"task 23 was cancelled":                                 true,
		"ClientClosedError":                                     false,
		"TransactionAborted":                                    false,
		"aborted":                                               false,
		"peer closed connection without sending complete body":  false,
		"Stream cancelled by server":                            false,
		"The server cancelled the request":                      false,
		"Job cancelled due to preemption":                       false,
		"connection was aborted by the software on the host":    false,
		"Cannot send a request, as the client has been closed.": false,
		"transaction aborted":                                   false,
		"context deadline exceeded":                             false,
		"":                                                      false,
	} {
		assert.Equal(t, want, GaveUp(message), message)
	}
}
