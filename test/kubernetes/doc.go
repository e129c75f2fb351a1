// SPDX-License-Identifier: Apache-2.0

// Package kubernetes tests the Helm chart on a real cluster, which cluster.sh starts: `make test-kubernetes`.
package kubernetes
