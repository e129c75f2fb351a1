// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"slices"
	"strings"
	"time"
)

func main() {
	e := effort{
		blockSpans: 100_000, wholeBlock: 24_000, connections: []int{1, 400}, fullSets: 2_000,
		growing: []int{1_000, 10_000, 100_000}, interval: 4 * time.Second,
	}
	flag.IntVar(&e.rounds, "rounds", 9, "how often the contestants take turns")
	flag.IntVar(&e.wholeRounds, "whole-rounds", 90, "how often whole collectors take turns")
	flag.StringVar(&e.binary, "binary", os.Getenv("OTELCOL_LLM_BINARY"), "the collector to measure as a whole")
	flag.StringVar(&e.lean, "lean", "", "the collector of collector.yaml")
	flag.StringVar(&e.profiled, "profiled", "", "the collector built with a profile, to compare")
	flag.StringVar(&e.picture, "picture", "", "draw the curves of growth into this file.svg and file.png")
	only := flag.String("only", "", "measure these parts alone, with commas between: "+strings.Join(names(), ", "))
	page := flag.String("page", "", "write the tables to their places in this file, too")
	gate := flag.Bool("gate", false, "fail if a gate is not reached")
	engine := flag.String("engine", "", "feed an engine of this setting with -batches and measure nothing, for callgrind")
	batches := flag.Int("batches", 0, "see -engine")
	profile := flag.String("profile", "", "write a profile of the collector under load to this file, and measure nothing")
	flag.Parse()
	log.SetFlags(0)
	if *engine != "" {
		if err := runEngine(*engine, *batches); err != nil {
			log.Fatal(err)
		}
		return
	}
	if err := run(e, *only, *page, *profile, *gate); err != nil {
		log.Fatal(err)
	}
}

func run(e effort, only, page, profile string, gate bool) error {
	if profile != "" {
		return writeProfile(e.binary, profile, 30*time.Second)
	}
	chosen, err := choose(e, only)
	if err != nil {
		return err
	}
	fmt.Printf("%s.\n", machine())
	var missed error
	for _, p := range chosen {
		r, err := measureOne(e, p, page, os.Stdout)
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		for _, t := range r.targets {
			if gate && !t.reaches(t.gate) {
				missed = errors.Join(missed, fmt.Errorf("%s: %s, the gate is %s", t.what, t.format(t.measured), t.format(t.gate)))
			}
		}
	}
	return missed
}

// measureOne measures a part and writes its tables.
func measureOne(e effort, p part, page string, out io.Writer) (report, error) {
	log.Printf("%s ...", p.what)
	start := time.Now()
	r, err := p.measure(e)
	if err != nil {
		return r, err
	}
	var text strings.Builder
	if err := r.write(&text); err != nil {
		return r, err
	}
	if _, err := fmt.Fprintf(out, "\n%s, %s:\n\n%s", p.what, time.Since(start).Round(time.Second), text.String()); err != nil {
		return r, err
	}
	if page == "" {
		return r, nil
	}
	content, err := os.ReadFile(page)
	if err != nil {
		return r, err
	}
	written, err := embed(string(content), p.name, text.String())
	if err != nil {
		return r, err
	}
	return r, os.WriteFile(page, []byte(written), 0o644) //nolint:gosec // a page that anybody may read
}

// choose returns the parts that are asked for: by name, or all that there are collectors for.
func choose(e effort, only string) (chosen []part, err error) {
	for _, name := range strings.FieldsFunc(only, func(r rune) bool { return r == ',' }) {
		i := slices.IndexFunc(parts, func(p part) bool { return p.name == name })
		if i < 0 {
			return nil, fmt.Errorf("-only has %q, which is none of %s", name, strings.Join(names(), ", "))
		}
		if p := parts[i]; !p.possible(e) {
			return nil, fmt.Errorf("%s needs the flags -binary, -lean or -profiled, or valgrind", p.name)
		}
		chosen = append(chosen, parts[i])
	}
	if only == "" {
		chosen = slices.DeleteFunc(slices.Clone(parts), func(p part) bool { return !p.possible(e) })
	}
	return chosen, nil
}

func (p part) possible(e effort) bool {
	return (!p.whole || e.binary != "") && (!p.lean || e.lean != "") && (p.name != profilePart || e.profiled != "") && (p.name != instructionsPart || hasValgrind())
}

func names() (all []string) {
	for _, p := range parts {
		all = append(all, p.name)
	}
	return all
}
