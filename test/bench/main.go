// SPDX-License-Identifier: Apache-2.0

package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"time"
)

// effort says how much is measured.
type effort struct {
	// rounds is how often the contestants take turns, blockSpans the number of spans of one turn.
	rounds, blockSpans int
	// manySets is the number of dimension sets of what is measured with many of them.
	manySets int
	senders  int
	// interval is the time between two collections, long enough for one of manySets.
	interval time.Duration
	// binary is the path of the collector; empty leaves whole collectors out.
	binary string
}

func main() {
	e := effort{blockSpans: 100_000, manySets: 100_000, senders: 4, interval: 4 * time.Second}
	flag.IntVar(&e.rounds, "rounds", 9, "how often the contestants take turns")
	flag.StringVar(&e.binary, "binary", os.Getenv("OTELCOL_LLM_BINARY"), "the collector to measure as a whole")
	profile := flag.String("profile", "", "write a profile of the collector under load to this file, and measure nothing")
	flag.Parse()
	log.SetFlags(0)
	if *profile != "" {
		if err := writeProfile(e.binary, *profile, 30*time.Second); err != nil {
			log.Fatal(err)
		}
		return
	}
	if err := compare(e, os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// results are all measurements.
type results struct {
	// few, some, many and plain are CPU times in nanoseconds a span: of 10, 1,000 and many dimension sets, and of
	// spans that are no LLM spans.
	few, some, many, plain rounds
	// outcome are CPU times in nanoseconds a span until a user has the same numbers, with 1,000 dimension sets.
	outcome rounds
	// chosen are CPU times of the choices, with 1,000 dimension sets.
	chosen rounds
	// senders are times in nanoseconds a span of one and of several senders; see sendersKey.
	senders rounds
	// memory is the size of a dimension set in bytes, by contestant.
	memory map[string]float64
	// collections are those of many dimension sets, by contestant.
	collections map[string]collecting
	// whole are the collectors, if there was a binary.
	whole *measured
	// tiers are CPU seconds per million spans of an agent and its gateways, if there was a binary.
	tiers rounds
}

// measure does all measurements, one after the other.
func measure(e effort, progress func(string)) (results, error) {
	var r results
	progress("CPU time per span")
	r.few = perSpan(newInput(10, false), e.rounds, e.blockSpans)
	r.some = perSpan(newInput(1000, false), e.rounds, e.blockSpans)
	r.many = perSpan(newInput(e.manySets, false), e.rounds, e.blockSpans)
	r.plain = perSpan(newInput(10, true), e.rounds, e.blockSpans)

	progress("the same outcome")
	r.outcome = sameOutcome(newInput(1000, false), e.rounds, e.blockSpans/5)

	progress("other settings")
	r.chosen = chosen(newInput(1000, false), e.rounds, e.blockSpans)

	progress("several senders")
	r.senders = manySenders(e.senders, e.rounds, e.blockSpans/e.senders)
	a, b := newOurs(fast, atOnce), newSpanMetrics(fast)
	defer a.stop()
	defer b.stop()
	if err := countedOnce(a, "llm.requests", e.senders, e.blockSpans); err != nil {
		return r, err
	}
	if err := countedOnce(b, "traces.span.metrics.calls", e.senders, e.blockSpans); err != nil {
		return r, err
	}

	progress("memory")
	r.memory = map[string]float64{
		ours:        perSet(newOurs(never, unlimited, withoutExemplars), e.manySets),
		spanMetrics: perSet(newSpanMetrics(never), e.manySets),
	}

	progress("collections")
	r.collections = map[string]collecting{
		ours:        collect(newOurs(e.interval, unlimited), e.manySets, 3, e.interval),
		spanMetrics: collect(newSpanMetrics(e.interval), e.manySets, 3, e.interval),
	}

	if e.binary == "" {
		return r, nil
	}
	progress("whole collectors")
	// What sets the collectors apart is a small part of what they cost, so that it takes more rounds to be seen.
	whole, err := collectors(e.binary, 1000, 3*e.rounds, e.blockSpans)
	if err != nil {
		return r, err
	}
	r.whole = &whole
	progress("two tiers")
	r.tiers, err = tiers(e.binary, 1000, e.rounds, e.blockSpans)
	return r, err
}

// compare measures and writes the tables.
func compare(e effort, out *os.File) error {
	start := time.Now()
	r, err := measure(e, func(what string) { log.Printf("%5.0fs  %s ...", time.Since(start).Seconds(), what) })
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\n%s; %d rounds in %s.\n\n", machine(), e.rounds, time.Since(start).Round(time.Second))
	return r.write(out, e)
}
