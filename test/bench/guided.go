// SPDX-License-Identifier: Apache-2.0

package main

// profilePart is the name of the part that compares two programs.
const profilePart = "profile"

// measureProfile compares the program that was built with a profile to the one without.
func measureProfile(e effort) (report, error) {
	variants := []variant{
		{name: "built without a profile", config: oursConfig, binary: e.binary, environment: seldomCollected},
		{name: "built with `deploy/default.pgo`, as images and packages are", config: oursConfig, binary: e.profiled, environment: seldomCollected},
	}
	m, err := collectors(variants, e.wholeRounds, e.wholeBlock)
	if err != nil {
		return report{}, err
	}
	return report{tables: []table{*m.tableOf("whole collector, `GOGC=400`", "times without", variants)}}, nil
}
