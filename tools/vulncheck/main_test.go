// SPDX-License-Identifier: Apache-2.0

package main

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

const output = `{"config": {"scanner_name": "govulncheck"}}
{"finding": {"osv": "GO-2026-0001", "fixed_version": "v1.2.0", "trace": [{"module": "example.com/a", "version": "v1.1.0"}]}}
{"finding": {"osv": "GO-2026-0001", "fixed_version": "v1.2.0", "trace": [{"module": "example.com/a", "version": "v1.1.0", "package": "example.com/a/b"}]}}
{"finding": {"osv": "GO-2026-0002", "trace": [{"module": "stdlib", "version": "v1.26.8"}]}}`

func TestReport(t *testing.T) {
	today := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		exceptions string
		want       []string
	}{
		"none excused": {"", []string{
			"GO-2026-0001: example.com/a v1.1.0, fixed in v1.2.0",
			"GO-2026-0002: stdlib v1.26.8, fixed in no version yet",
		}},
		"excused through its day": {"# a comment\n\nGO-2026-0001 2026-11-30 not called\nGO-2026-0002 2027-01-01 not called\n", nil},
		"ended": {"GO-2026-0001 2026-11-29 not called\nGO-2026-0002 2027-01-01 not called\n", []string{
			"GO-2026-0001: example.com/a v1.1.0, fixed in v1.2.0; its exception has ended",
		}},
		"not needed": {"GO-2026-0001 2027-01-01 a\nGO-2026-0002 2027-01-01 a\nGO-2026-0003 2027-01-01 a\n", []string{
			"GO-2026-0003: the exception is not needed any more",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			found, err := findings(strings.NewReader(output))
			if err != nil {
				t.Fatal(err)
			}
			allowed, err := exceptions(strings.NewReader(test.exceptions), today)
			if err != nil {
				t.Fatal(err)
			}
			if got := report(found, allowed); !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestBrokenInput(t *testing.T) {
	for _, broken := range []string{"", "{", "govulncheck: no such file"} {
		if _, err := findings(strings.NewReader(broken)); err == nil {
			t.Errorf("%q: want an error", broken)
		}
	}
	for _, broken := range []string{"GO-2026-0001", "GO-2026-0001 2026-11-30", "GO-2026-0001 tomorrow because"} {
		if _, err := exceptions(strings.NewReader(broken), time.Now()); err == nil {
			t.Errorf("%q: want an error", broken)
		}
	}
}
