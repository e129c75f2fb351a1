// SPDX-License-Identifier: Apache-2.0

// Package deploy tests the image and the Helm chart with the programs that people use: podman, helm and the built
// collector, whose paths the Makefile hands over in variables.
package deploy
