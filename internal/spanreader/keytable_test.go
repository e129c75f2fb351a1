// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestKeysOfOrdinarySpansOpenAsNoTellingKey(t *testing.T) {
	r := NewReader(Options{MaxText: 256})
	for _, name := range []string{
		"http.request.method", "http.route", "http.response.status_code", "url.full", "url.path", "url.scheme", "url.query",
		"server.address", "server.port", "client.address", "client.port", "network.peer.address", "network.peer.port",
		"network.protocol.version", "network.protocol.name", "network.transport", "user_agent.original", "error.type",
		"code.function.name", "thread.id", "thread.name", "db.system.name", "db.namespace", "db.operation.name",
		"db.query.text", "db.collection.name", "rpc.system", "rpc.service", "rpc.method", "messaging.system",
		"messaging.destination.name", "messaging.operation.type", "http.method", "http.status_code", "http.target",
		"http.url", "http.host", "http.scheme", "net.peer.name", "net.peer.port", "net.host.name", "db.system",
		"db.statement", "db.name", "peer.service", "enduser.id", "user.id", "session.id",
	} {
		assert.Zero(t, r.keys.openings[opening(name)], name)
	}
}
