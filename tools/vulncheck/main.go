// SPDX-License-Identifier: Apache-2.0

// Vulncheck reads what `govulncheck -format json` prints and fails on each vulnerability that the list of
// exceptions does not excuse. It counts findings of all levels, since a stripped binary does not say which
// functions it calls.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"
)

// message is the part of govulncheck's output that names a vulnerability.
type message struct {
	Finding *struct {
		OSV          string `json:"osv"`
		FixedVersion string `json:"fixed_version"`
		Trace        []struct {
			Module  string `json:"module"`
			Version string `json:"version"`
		} `json:"trace"`
	} `json:"finding"`
}

// findings returns each vulnerability's id with the module that has it and the version that mends it.
func findings(r io.Reader) (map[string]string, error) {
	found := map[string]string{}
	decoder := json.NewDecoder(r)
	read := false
	for {
		var m message
		if err := decoder.Decode(&m); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("reading govulncheck's output: %w", err)
		}
		read = true
		if m.Finding == nil || len(m.Finding.Trace) == 0 {
			continue
		}
		fixed := m.Finding.FixedVersion
		if fixed == "" {
			fixed = "no version yet"
		}
		where := m.Finding.Trace[0]
		found[m.Finding.OSV] = fmt.Sprintf("%s %s, fixed in %s", where.Module, where.Version, fixed)
	}
	if !read {
		return nil, errors.New("govulncheck printed nothing")
	}
	return found, nil
}

// exceptions reads lines of an id, the last day of the exception (YYYY-MM-DD), and a reason.
func exceptions(r io.Reader, today time.Time) (map[string]bool, error) {
	allowed := map[string]bool{}
	lines := bufio.NewScanner(r)
	for number := 1; lines.Scan(); number++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Fields(line)
		if len(fields) < 3 {
			return nil, fmt.Errorf("line %d: want an id, a date and a reason, got %q", number, line)
		}
		until, err := time.Parse(time.DateOnly, fields[1])
		if err != nil {
			return nil, fmt.Errorf("line %d: want a date such as 2027-01-31, got %q", number, fields[1])
		}
		// An exception holds through its day.
		allowed[fields[0]] = today.Before(until.AddDate(0, 0, 1))
	}
	return allowed, lines.Err()
}

// report lists what is not excused, and the exceptions that nothing needs any more.
func report(found map[string]string, allowed map[string]bool) []string {
	var problems []string
	for _, id := range slices.Sorted(maps.Keys(found)) {
		current, listed := allowed[id]
		switch {
		case !listed:
			problems = append(problems, fmt.Sprintf("%s: %s", id, found[id]))
		case !current:
			problems = append(problems, fmt.Sprintf("%s: %s; its exception has ended", id, found[id]))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(allowed)) {
		if _, needed := found[id]; !needed {
			problems = append(problems, id+": the exception is not needed any more")
		}
	}
	return problems
}

func run(list string) error {
	file, err := os.Open(list)
	if err != nil {
		return err
	}
	defer file.Close()
	allowed, err := exceptions(file, time.Now())
	if err != nil {
		return fmt.Errorf("%s: %w", list, err)
	}
	found, err := findings(os.Stdin)
	if err != nil {
		return err
	}
	if problems := report(found, allowed); len(problems) > 0 {
		return errors.New(strings.Join(problems, "\n"))
	}
	fmt.Printf("no known vulnerabilities; exceptions: %d\n", len(allowed))
	return nil
}

func main() {
	list := flag.String("exceptions", "", "file with a line for each vulnerability that may stay: id, last day, reason")
	flag.Parse()
	if err := run(*list); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
