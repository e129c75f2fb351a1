// SPDX-License-Identifier: Apache-2.0

package collector

import (
	"bytes"
	"strings"
	"sync"
)

// log keeps what a process writes.
type log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (l *log) count(part string) int { return strings.Count(l.String(), part) }
