// SPDX-License-Identifier: Apache-2.0

// Command licenses checks the licences of what a binary is made of against a list, and collects their texts.
//
//	licenses -allow LIST [-out FILE] SBOM.json
//
// The software bill of materials is CycloneDX's, in JSON. The list has a licence's SPDX identifier in each line. Or it has a
// module, the licence that it has, and why its files do not say so. Texts are read from Go's module cache, and recognised by what
// pkg.go.dev recognises them by.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"go/build"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/google/licensecheck"
)

// own is the path of this repository's modules.
const own = "github.com/otelcol-llm/"

func main() {
	allow := flag.String("allow", "", "`file` of licences that may be")
	out := flag.String("out", "", "`file` to write the licences' texts to")
	flag.Parse()
	if err := run(*allow, *out, flag.Arg(0)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(allow, out, bill string) error {
	list, err := os.ReadFile(allow)
	if err != nil {
		return err
	}
	rules, err := parse(string(list))
	if err != nil {
		return fmt.Errorf("%s: %w", allow, err)
	}
	content, err := os.ReadFile(bill)
	if err != nil {
		return err
	}
	var sbom sbom
	if err := json.Unmarshal(content, &sbom); err != nil {
		return fmt.Errorf("%s: %w", bill, err)
	}
	if len(sbom.Components) == 0 {
		return fmt.Errorf("%s lists no components", bill)
	}
	cache := filepath.Join(build.Default.GOPATH, "pkg", "mod")
	// Go's own library, and what is built from this very repository, have no folder there.
	sbom.Components = slices.DeleteFunc(sbom.Components, func(c component) bool {
		return c.Name == "std" || c.Version == "(devel)" || strings.HasPrefix(c.Name, own)
	})
	for i := range sbom.Components {
		if err := sbom.Components[i].read(cache); err != nil {
			return err
		}
	}
	if faults := rules.check(sbom.Components); len(faults) > 0 {
		return fmt.Errorf("%s:\n%s", allow, strings.Join(faults, "\n"))
	}
	if out == "" {
		return nil
	}
	return os.WriteFile(out, texts(sbom.Components), 0o644)
}

// sbom is what is read of a bill.
type sbom struct {
	Components []component `json:"components"`
}

// component is a module. Its licences and files are those of its top folder in the module cache.
type component struct {
	Name    string `json:"name"`
	Version string `json:"version"`

	licenses []string
	files    []file
}

type file struct {
	name    string
	content []byte
}

// licenseFile matches the names of files that a distribution of a module has to bring.
var licenseFile = regexp.MustCompile(`(?i)^(un)?(licen[cs]e|copying|notice|copyright|patents)([.-](md|txt|rst|mit|apache.*|bsd.*))?$`)

// read fills in files and licences. A licence counts where its text is most of a file.
func (c *component) read(cache string) error {
	directory := filepath.Join(cache, escape(c.Name)+"@"+escape(c.Version))
	entries, err := os.ReadDir(directory)
	if err != nil {
		return fmt.Errorf("%w: go mod download it first", err)
	}
	for _, entry := range entries {
		if entry.IsDir() || !licenseFile.MatchString(entry.Name()) {
			continue
		}
		content, err := os.ReadFile(filepath.Join(directory, entry.Name()))
		if err != nil {
			return err
		}
		c.files = append(c.files, file{entry.Name(), content})
		if coverage := licensecheck.Scan(content); coverage.Percent >= 50 {
			for _, match := range coverage.Match {
				if !match.IsURL && !slices.Contains(c.licenses, match.ID) {
					c.licenses = append(c.licenses, match.ID)
				}
			}
		}
	}
	return nil
}

// rules are what may be: licences, and modules whose files do not say their licence.
type rules struct {
	licenses []string
	modules  map[string]string
}

func parse(list string) (rules, error) {
	r := rules{modules: map[string]string{}}
	for number, line := range strings.Split(list, "\n") {
		line, _, _ = strings.Cut(line, "#")
		switch fields := strings.Fields(line); {
		case len(fields) == 0:
		case len(fields) == 1:
			r.licenses = append(r.licenses, fields[0])
		case len(fields) == 2:
			return r, fmt.Errorf("line %d: say why %s is taken for %s", number+1, fields[0], fields[1])
		default:
			r.modules[fields[0]] = fields[1]
		}
	}
	for module, license := range r.modules {
		if !slices.Contains(r.licenses, license) {
			return r, fmt.Errorf("%s is said to have the licence %s, which is not in the list", module, license)
		}
	}
	return r, nil
}

// check returns what is wrong in words, a line each. It finds licences that may not be, unknown ones, and rules that nothing
// needs.
func (r rules) check(components []component) []string {
	var faults []string
	needed := map[string]bool{}
	for _, c := range components {
		ids := c.licenses
		if license, ok := r.modules[c.Name]; ok && len(ids) == 0 {
			needed[c.Name] = true
			ids = []string{license}
		}
		if len(ids) == 0 {
			faults = append(faults, fmt.Sprintf("%s %s: no licence found: look for it and add a line", c.Name, c.Version))
		}
		for _, id := range ids {
			if !slices.Contains(r.licenses, id) {
				faults = append(faults, fmt.Sprintf("%s %s has the licence %s, which is not in the list", c.Name, c.Version, id))
			}
		}
	}
	for module := range r.modules {
		if !needed[module] {
			faults = append(faults, module+": this line is needed no longer")
		}
	}
	slices.Sort(faults)
	return faults
}

// texts returns the licences and notices of all components.
func texts(components []component) []byte {
	var text bytes.Buffer
	rule := strings.Repeat("=", 80)
	for _, c := range components {
		for _, f := range c.files {
			fmt.Fprintf(&text, "%s\n%s %s: %s\n%[1]s\n\n%[5]s\n\n", rule, c.Name, c.Version, f.name, bytes.TrimSpace(f.content))
		}
	}
	return text.Bytes()
}

// escape writes a path as the module cache does: a capital letter as an exclamation mark and the small one.
func escape(path string) string {
	var escaped strings.Builder
	for _, r := range path {
		if unicode.IsUpper(r) {
			escaped.WriteByte('!')
			r = unicode.ToLower(r)
		}
		escaped.WriteRune(r)
	}
	return escaped.String()
}
