// SPDX-License-Identifier: Apache-2.0

// Package corpus loads the cases of testdata/emitters: spans of each emitter, where they are from, and how they are read.
package corpus

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// The files of a case. A case of several batches has one file for each, which sort in order of arrival.
const (
	spansFile = "spans*.json"
	logsFile  = "logs*.json"
	aboutFile = "case.yaml"
)

// Case is one folder of testdata/emitters.
type Case struct {
	// Name is that of the folder, Folder its path.
	Name, Folder string
	About
	// Batches are the export requests in the order in which they arrive.
	Batches []ptrace.Traces
	// Logs are those of a case of log events, which has no Batches.
	Logs []plog.Logs
}

// About is the content of a case.yaml: what a reader of the spans cannot know.
type About struct {
	// Shows is what the case is for, as one line.
	Shows string `mapstructure:"shows"`
	// Requests is the number of requests that count. Nothing but a person changes it.
	Requests int `mapstructure:"requests"`
	// Basis says how the shape of the spans is known.
	Basis Basis `mapstructure:"basis"`
	// Source is the repository, package or document, with its version or commit.
	Source string `mapstructure:"source"`
	// Emitter is whose the spans are that show no emitter. Nothing reads it but the survey.
	Emitter string `mapstructure:"emitter"`
}

// Basis is how the shape of spans is known. Ids and values are made up in every case.
type Basis string

// The bases.
const (
	// Measured spans are shaped like those that the real emitter sent.
	Measured Basis = "measured"
	// Read spans follow the emitter's source code.
	Read Basis = "source"
	// Documented spans follow the vendor's documentation; no source is public.
	Documented Basis = "documentation"
	// Conventional spans follow the semantic conventions, and are no emitter's in particular.
	Conventional Basis = "conventions"
	// MadeUp spans show a rule, with emitters that are known from other cases.
	MadeUp Basis = "made-up"
	// Unrecorded spans rest on the sources that Source names; which of them was not written down.
	Unrecorded Basis = "not-recorded"
)

// Validate checks that a person filled in all that a case must say.
func (a *About) Validate() error {
	var errs []error
	if a.Shows == "" || strings.Contains(a.Shows, "\n") {
		errs = append(errs, fmt.Errorf("shows: must be one line, got %q", a.Shows))
	}
	if all := []Basis{Measured, Read, Documented, Conventional, MadeUp, Unrecorded}; !slices.Contains(all, a.Basis) {
		errs = append(errs, fmt.Errorf("basis: must be one of %v, got %q", all, a.Basis))
	}
	if a.Source == "" && a.Basis != MadeUp {
		errs = append(errs, errors.New("source: must name repository, package or document, with version or commit, got nothing"))
	}
	return errors.Join(errs...)
}

// Load returns all cases of spans of a repository by name. A case without a case.yaml has an empty About.
func Load(root string) ([]Case, error) { return loadFrom(root, "emitters") }

// LoadLogs returns all cases of log events of a repository by name.
func LoadLogs(root string) ([]Case, error) { return loadFrom(root, "logevents") }

func loadFrom(root, kind string) ([]Case, error) {
	folders, err := filepath.Glob(filepath.Join(root, "testdata", kind, "*", ""))
	if err != nil {
		return nil, err
	}
	var cases []Case
	for _, folder := range folders {
		if info, err := os.Stat(folder); err != nil || !info.IsDir() {
			continue
		}
		c, err := load(folder)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", folder, err)
		}
		cases = append(cases, c)
	}
	return cases, nil
}

func load(folder string) (Case, error) {
	c := Case{Name: filepath.Base(folder), Folder: folder}
	spans, err := each(folder, spansFile, func(raw []byte) error {
		traces, err := (&ptrace.JSONUnmarshaler{}).UnmarshalTraces(raw)
		c.Batches = append(c.Batches, traces)
		return err
	})
	if err != nil {
		return c, err
	}
	records, err := each(folder, logsFile, func(raw []byte) error {
		logs, err := (&plog.JSONUnmarshaler{}).UnmarshalLogs(raw)
		c.Logs = append(c.Logs, logs)
		return err
	})
	if err != nil {
		return c, err
	}
	if spans+records == 0 {
		return c, fmt.Errorf("there is no %s and no %s", spansFile, logsFile)
	}
	c.About, err = loadAbout(filepath.Join(folder, aboutFile))
	return c, err
}

// each reads the files of a case that fit a pattern, in order, and returns their number.
func each(folder, pattern string, read func(raw []byte) error) (files int, err error) {
	names, err := filepath.Glob(filepath.Join(folder, pattern))
	if err != nil {
		return 0, err
	}
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			return 0, err
		}
		if err := read(raw); err != nil {
			return 0, fmt.Errorf("%s: %w", filepath.Base(name), err)
		}
	}
	return len(names), nil
}

func loadAbout(file string) (about About, err error) {
	raw, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return about, nil
	}
	if err != nil {
		return about, err
	}
	retrieved, err := confmap.NewRetrievedFromYAML(raw)
	if err != nil {
		return about, fmt.Errorf("%s: %w", aboutFile, err)
	}
	conf, err := retrieved.AsConf()
	if err != nil {
		return about, fmt.Errorf("%s: %w", aboutFile, err)
	}
	if err := conf.Unmarshal(&about); err != nil {
		return about, fmt.Errorf("%s: %w", aboutFile, err)
	}
	return about, nil
}

// Describe writes a case.yaml for a new case, in which a person fills in the rest.
func (c *Case) Describe(requests int) error {
	text := fmt.Sprintf("shows: \"\"\nrequests: %d\nbasis: \"\"\nsource: \"\"\n", requests)
	return os.WriteFile(filepath.Join(c.Folder, aboutFile), []byte(text), 0o644)
}

// FormatSpans writes the spans or log records of a case anew, one line for each attribute.
func (c *Case) FormatSpans() error {
	files, err := filepath.Glob(filepath.Join(c.Folder, spansFile))
	if err != nil {
		return err
	}
	logs, err := filepath.Glob(filepath.Join(c.Folder, logsFile))
	if err != nil {
		return err
	}
	files = append(files, logs...)
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if err := os.WriteFile(file, format(raw), 0o644); err != nil {
			return err
		}
	}
	return nil
}
