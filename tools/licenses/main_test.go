// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func modules() []component {
	return []component{
		{Name: "example.com/Free", Version: "v1.0.0", licenses: []string{"MIT"}},
		{Name: "example.com/unknown", Version: "v1.0.0"},
	}
}

func TestCheck(t *testing.T) {
	for _, test := range []struct {
		name, list string
		want       []string
	}{
		{"all known", "MIT\nexample.com/unknown MIT its README says so\n", nil},
		{
			"a licence that may not be", "BSD-3-Clause # comment\nexample.com/unknown BSD-3-Clause its README says so\n",
			[]string{"example.com/Free v1.0.0 has the licence MIT, which is not in the list"},
		},
		{"no licence", "MIT\n", []string{"example.com/unknown v1.0.0: no licence found: look for it and add a line"}},
		{"a line too many", "MIT\nexample.com/unknown MIT so\nexample.com/gone MIT so\n", []string{"example.com/gone: this line is needed no longer"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			rules, err := parse(test.list)
			if err != nil {
				t.Fatal(err)
			}
			if got := rules.check(modules()); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	for list, want := range map[string]string{
		"MIT\nexample.com/x MIT\n":     "line 2: say why",
		"MIT\nexample.com/x GPL3 so\n": "which is not in the list",
	} {
		if _, err := parse(list); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", list, err, want)
		}
	}
}

func TestRead(t *testing.T) {
	mit, err := os.ReadFile(filepath.Join("testdata", "MIT.txt"))
	if err != nil {
		t.Fatal(err)
	}
	cache := t.TempDir()
	directory := filepath.Join(cache, "example.com", "!free@v1.0.0")
	if err := os.MkdirAll(directory, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{"LICENSE.md": string(mit), "license.go": "package free\n", "NOTICE": "by us\n"} {
		if err := os.WriteFile(filepath.Join(directory, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c := component{Name: "example.com/Free", Version: "v1.0.0"}
	if err := c.read(cache); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(c.licenses, []string{"MIT"}) {
		t.Errorf("found %q", c.licenses)
	}
	text := string(texts([]component{c}))
	for _, want := range []string{"example.com/Free v1.0.0: LICENSE.md", "Permission is hereby granted", "by us"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in %s", want, text)
		}
	}
	if strings.Contains(text, "package free") {
		t.Error("a source file was taken for a licence")
	}
	if err := (&component{Name: "example.com/gone", Version: "v1.0.0"}).read(cache); err == nil {
		t.Error("a module that is not there was not missed")
	}
}
