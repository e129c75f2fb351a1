// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// clone is a copy of the repository's last commit, with the tools that were built here.
type clone struct {
	dir string
	env []string
}

func newClone(t *testing.T) *clone {
	t.Helper()
	c := &clone{dir: filepath.Join(t.TempDir(), "repository")}
	top := run(t, "git", "rev-parse", "--show-toplevel")
	run(t, "git", "clone", "-q", "--no-tags", top, c.dir)
	c.env = append(os.Environ(), "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com",
		"ARCHITECTURES=amd64", "SIGNING_KEY=", "IMAGES=")
	tools, err := filepath.EvalSymlinks(top + "/.bin")
	require.NoError(t, err)
	require.NoError(t, os.Symlink(tools, c.dir+"/.bin"))
	return c
}

func (c *clone) run(env []string, name string, args ...string) (string, error) {
	var output bytes.Buffer
	command := exec.Command(name, args...)
	command.Dir, command.Env = c.dir, append(slices.Clone(c.env), env...)
	command.Stdout, command.Stderr = &output, &output
	err := command.Run()
	return output.String(), err
}

func (c *clone) must(t *testing.T, name string, args ...string) string {
	t.Helper()
	output, err := c.run(nil, name, args...)
	require.NoError(t, err, "%s %s\n%s", name, strings.Join(args, " "), output)
	return output
}

func (c *clone) appendTo(t *testing.T, file, text string) {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(c.dir, file), os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = f.WriteString(text)
	require.NoError(t, err)
	require.NoError(t, f.Close())
}

// What must not be released is refused, before anything is built.
func TestReleaseRefuses(t *testing.T) {
	c := newClone(t)
	commit := strings.TrimSpace(c.must(t, "git", "rev-parse", "HEAD"))
	for name, test := range map[string]struct {
		prepare func(*clone)
		args    []string
		want    string
	}{
		"a dirty tree":          {func(c *clone) { c.appendTo(t, "README.md", "x\n") }, []string{"--dry-run"}, "changes that are not committed"},
		"a file besides":        {func(c *clone) { require.NoError(t, os.WriteFile(c.dir+"/new", nil, 0o600)) }, []string{"--dry-run"}, "changes that are not committed"},
		"an unknown argument":   {func(*clone) {}, []string{"--dry"}, "there is --dry-run"},
		"no section of the log": {func(*clone) {}, nil, "CHANGELOG.md has no section"},
		"no tag":                {section(t), nil, "the commit has no tag v"},
		"another commit's tag":  {func(c *clone) { c.must(t, "git", "tag", "v"+setting(t, "OTELCOL_LLM_VERSION")); section(t)(c) }, []string{"--dry-run"}, "is the tag of another commit"},
		"no key":                {func(c *clone) { section(t)(c); c.must(t, "git", "tag", "v"+setting(t, "OTELCOL_LLM_VERSION")) }, nil, "SIGNING_KEY names no key"},
		"two versions": {func(c *clone) {
			c.must(t, "sed", "-i", "s/^appVersion: .*/appVersion: 7.7.7/", "deploy/helm/otelcol-llm/Chart.yaml")
		}, []string{"--dry-run"}, "7.7.7"},
		"no version":             {func(c *clone) { c.must(t, "sed", "-i", "s/^  version: .*/  version: next/", "builder-config.yaml") }, []string{"--dry-run"}, "is no version such as 1.2.3"},
		"a version set halfways": {func(c *clone) { c.must(t, "sed", "-i", "s/^  version: .*/  version: 7.7.7/", "builder-config.yaml") }, []string{"--dry-run"}, "tools/version.sh set 7.7.7"},
	} {
		t.Run(name, func(t *testing.T) {
			test.prepare(c)
			defer func() {
				c.must(t, "git", "reset", "-q", "--hard", commit)
				c.must(t, "git", "clean", "-q", "-f")
				c.must(t, "sh", "-c", "git tag | xargs -r git tag -d")
			}()
			output, err := c.run(nil, "tools/release.sh", test.args...)
			require.Error(t, err, output)
			assert.Contains(t, output, test.want)
			assert.NoDirExists(t, c.dir+"/_build")
		})
	}
}

// section gives the changelog a section for the version, and commits it.
func section(t *testing.T) func(*clone) {
	return func(c *clone) {
		c.must(t, "sed", "-i", "s/^## \\[Unreleased\\]/&\\n\\n## ["+setting(t, "OTELCOL_LLM_VERSION")+"]/", "CHANGELOG.md")
		c.must(t, "git", "commit", "-q", "-a", "-m", "release")
	}
}

// A whole release of one architecture, signed with a key of this test.
func TestReleaseHasEverything(t *testing.T) {
	c := newClone(t)
	section(t)(c)
	version := setting(t, "OTELCOL_LLM_VERSION")
	c.must(t, "git", "tag", "v"+version)
	home := t.TempDir()
	require.NoError(t, os.Chmod(home, 0o700))
	c.env = append(c.env, "GNUPGHOME="+home)
	t.Cleanup(func() {
		c.must(t, "gpgconf", "--kill", "all")
		assert.Eventually(t, func() bool {
			_, err := os.Stat(home + "/S.gpg-agent")
			return os.IsNotExist(err)
		}, 10*time.Second, 10*time.Millisecond)
	})
	c.must(t, "gpg", "--batch", "--quiet", "--passphrase", "", "--quick-generate-key", "release@example.com", "ed25519", "sign")
	output, err := c.run([]string{"SIGNING_KEY=release@example.com"}, "make", "release")
	require.NoError(t, err, output)

	out := c.dir + "/_build/release"
	name := "otelcol-llm_" + version + "_linux_amd64"
	var files []string
	entries, err := os.ReadDir(out)
	require.NoError(t, err)
	for _, entry := range entries {
		files = append(files, entry.Name())
	}
	assert.ElementsMatch(t, []string{
		name + ".tar.gz", name + ".cdx.json", "otelcol-llm_" + version + "_amd64.deb", "otelcol-llm-" + version + "-1.x86_64.rpm",
		"otelcol-llm-" + version + ".tgz", "otelcol-llm-" + version + ".tgz.asc", "CHANGES.md",
		"SHA256SUMS", "SHA256SUMS.asc", "provenance.intoto.json", "provenance.intoto.json.asc",
	}, files)

	c.must(t, "sh", "-c", "cd _build/release && sha256sum --quiet -c SHA256SUMS")
	for _, file := range files {
		if signed, ok := strings.CutSuffix(file, ".asc"); ok {
			c.must(t, "gpg", "--verify", "_build/release/"+file, "_build/release/"+signed)
		}
	}
	c.appendTo(t, "_build/release/SHA256SUMS", "x\n")
	_, err = c.run(nil, "gpg", "--verify", "_build/release/SHA256SUMS.asc", "_build/release/SHA256SUMS")
	require.Error(t, err, "what was changed has no valid signature")

	var provenance struct {
		Subject   []struct{ Name string }
		Predicate struct {
			BuildDefinition struct {
				ResolvedDependencies []struct {
					Digest struct{ GitCommit string }
				}
			}
		}
	}
	content, err := os.ReadFile(out + "/provenance.intoto.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(content, &provenance))
	assert.Len(t, provenance.Subject, 6, "what is in SHA256SUMS")
	assert.Equal(t, strings.TrimSpace(c.must(t, "git", "rev-parse", "HEAD")), provenance.Predicate.BuildDefinition.ResolvedDependencies[0].Digest.GitCommit)

	var bom struct {
		BomFormat  string
		Components []struct{ Name string }
	}
	content, err = os.ReadFile(out + "/" + name + ".cdx.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(content, &bom))
	assert.Equal(t, "CycloneDX", bom.BomFormat)
	assert.Greater(t, len(bom.Components), 300)

	unpacked := t.TempDir()
	run(t, "tar", "-C", unpacked, "-xzf", out+"/"+name+".tar.gz")
	assert.Equal(t, "otelcol-llm version "+version, run(t, unpacked+"/"+name+"/otelcol-llm", "--version"))
	for _, file := range []string{"LICENSE", "NOTICE", "third-party-licenses.txt", "config.yaml", "otelcol-llm-check", "otelcol-llm.1", "otelcol-llm.service"} {
		assert.FileExists(t, unpacked+"/"+name+"/"+file)
	}
	run(t, setting(t, "HELM_BINARY"), "lint", "--strict", out+"/otelcol-llm-"+version+".tgz")
}

// Every module, page of packages and image that is built from is looked after by Dependabot.
func TestReleaseUpdatesCoverEveryModule(t *testing.T) {
	content, err := os.ReadFile("../../.github/dependabot.yml")
	require.NoError(t, err)
	var config struct {
		Updates []struct {
			Ecosystem   string `yaml:"package-ecosystem"`
			Directory   string
			Directories []string
		}
	}
	require.NoError(t, yaml.Unmarshal(content, &config))
	covered := func(ecosystem, dir string) bool {
		for _, update := range config.Updates {
			for _, pattern := range append(update.Directories, update.Directory) {
				if matched, err := filepath.Match(pattern, dir); update.Ecosystem == ecosystem && err == nil && matched {
					return true
				}
			}
		}
		return false
	}
	ecosystems := map[string]string{"go.mod": "gomod", "package.json": "npm", "Dockerfile": "docker"}
	found := map[string]bool{}
	for _, file := range strings.Fields(run(t, "git", "-C", "../..", "ls-files")) {
		if ecosystem := ecosystems[filepath.Base(file)]; ecosystem != "" && !strings.Contains(file, "testdata/") {
			found[ecosystem] = true
			assert.True(t, covered(ecosystem, filepath.Clean("/"+filepath.Dir(file))), file)
		}
	}
	assert.Len(t, found, 3)
}
