// SPDX-License-Identifier: Apache-2.0

// Command otelcol-llm-start starts the collector in a container with the garbage collection that fits the container's memory
// limit. GOMEMLIMIT is three quarters of it, and GOGC=400 holds below that.
//
// It replaces itself by the collector. What the environment has already stays. Without a limit Go's defaults stay, since
// GOGC=400 alone is no bound.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

const (
	program = "/otelcol-llm"
	// garbage is GOGC, in percent of the memory in use: a quarter less CPU than Go's 100.
	garbage = "400"
	// unlimited is more than any machine has, in bytes; cgroups v1 say so without a limit.
	unlimited = 1 << 60
)

func main() {
	env := environment(os.Environ(), memoryLimit("/sys/fs/cgroup"))
	err := syscall.Exec(program, append([]string{program}, os.Args[1:]...), env) //nolint:gosec // its own arguments
	fmt.Fprintf(os.Stderr, "otelcol-llm-start: %s: %v\n", program, err)
	os.Exit(1)
}

// memoryLimit returns the container's limit in bytes; 0 if there is none.
func memoryLimit(cgroups string) int64 {
	for _, file := range []string{"memory.max", "memory/memory.limit_in_bytes"} { // of cgroups v2 and v1
		content, err := os.ReadFile(filepath.Join(cgroups, file))
		if err != nil {
			continue
		}
		if limit, err := strconv.ParseInt(strings.TrimSpace(string(content)), 10, 64); err == nil && limit < unlimited {
			return limit
		}
	}
	return 0
}

// environment adds GOMEMLIMIT and GOGC where they are not set and there is a limit.
func environment(env []string, limit int64) []string {
	has := func(name string) bool {
		return slices.ContainsFunc(env, func(variable string) bool { return strings.HasPrefix(variable, name+"=") })
	}
	if !has("GOMEMLIMIT") {
		if limit <= 0 {
			return env
		}
		env = append(env, "GOMEMLIMIT="+strconv.FormatInt(limit/4*3, 10))
	}
	if !has("GOGC") {
		env = append(env, "GOGC="+garbage)
	}
	return env
}
