// SPDX-License-Identifier: Apache-2.0

// Package crds pins the modules that bring CustomResourceDefinitions for tests. It imports their smallest packages.
package crds

import (
	_ "github.com/kedacore/keda/v2/version" // keeps the module in go.mod
	_ "github.com/prometheus-operator/prometheus-operator/pkg/versionutil"
)
