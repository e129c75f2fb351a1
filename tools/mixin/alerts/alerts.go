// SPDX-License-Identifier: Apache-2.0

package alerts

// All returns the files of rules, but for those of objectives, which Sloth writes.
func All() []File {
	return []File{
		thresholdFile(),
		requestFile(),
		costFile(),
		engineFile(),
		gpuFile(),
		efficiencyFile(),
		collectorFile(),
	}
}
