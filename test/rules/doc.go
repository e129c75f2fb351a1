// SPDX-License-Identifier: Apache-2.0

// Package rules checks the rules and queries that are shipped. Prometheus takes them, they do what their tests say, and none
// adds up different measurements of one request.
package rules
