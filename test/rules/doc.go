// SPDX-License-Identifier: Apache-2.0

// Package rules checks the rules and queries over the collector's metrics that are shipped: that Prometheus takes them,
// that they do what their tests say, and that none adds up different measurements of one request.
package rules
