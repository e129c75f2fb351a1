// SPDX-License-Identifier: Apache-2.0

// Package importer uses the components as a module of somebody else does. Its path is outside of this repository's, so that it
// can import nothing that is internal.
package importer
