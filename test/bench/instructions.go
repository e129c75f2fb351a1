// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
)

// instructionsPart is the name of the part that counts instructions.
const instructionsPart = "instructions"

// justInput is what has no engine: it makes the batches alone.
const justInput = "no engine"

// measureInstructions counts the instructions of a span, which do not depend on what else runs. They are the difference of two runs of
// different lengths under callgrind, less what making the batches takes.
func measureInstructions(effort) (report, error) {
	const short, long = 10, 40
	perSpan := func(setting string) (float64, error) {
		few, err := callgrind(setting, short)
		if err != nil {
			return 0, err
		}
		many, err := callgrind(setting, long)
		return float64(many-few) / ((long - short) * batchSpans), err
	}
	input, err := perSpan(justInput)
	if err != nil {
		return report{}, err
	}
	t := newTable("the engine alone, warm", "instructions per span")
	for _, s := range engineSettings {
		n, err := perSpan(s.name)
		if err != nil {
			return report{}, err
		}
		t.row(s.name, fmt.Sprintf("%.0f", n-input))
	}
	return report{tables: []table{*t}}, nil
}

// collected is where callgrind says how many instructions there were.
var collected = regexp.MustCompile(`Collected : (\d+)`)

// callgrind runs this program with a number of batches under callgrind and returns the instructions.
func callgrind(setting string, batches int) (uint64, error) {
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	cmd := exec.Command("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", self, "-engine", setting, "-batches", strconv.Itoa(batches))
	// One thread, which nothing interrupts: the same instructions each time.
	cmd.Env = append(os.Environ(), "GOGC=off", "GOMAXPROCS=1", "GODEBUG=asyncpreemptoff=1")
	output, err := cmd.CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("%w:\n%s", err, output)
	}
	found := collected.FindSubmatch(output)
	if found == nil {
		return 0, fmt.Errorf("no number of instructions in:\n%s", output)
	}
	return strconv.ParseUint(string(found[1]), 10, 64)
}

// runEngine feeds an engine of a setting with warm batches, for callgrind.
func runEngine(setting string, batches int) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if setting == justInput {
		in := newInput(wholeSets, false)
		in.batches = in.batches[:1]
		for range batches {
			in.renew()
		}
		return nil
	}
	for _, s := range engineSettings {
		if s.name == setting {
			r := newEngineRun(s.change, false)
			for range batches {
				r.measure(r.prepare())
			}
			return nil
		}
	}
	return errors.New("no such setting of the engine")
}

// hasValgrind reports whether instructions can be counted here.
func hasValgrind() bool {
	_, err := exec.LookPath("valgrind")
	return err == nil
}
