// SPDX-License-Identifier: Apache-2.0

// Package deploy tests the image and the Helm chart with the programs that people use. They are podman, helm and the built
// collector. The Makefile hands over their paths in variables.
package deploy
