// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// nextVersion is that of the packages that the first ones are upgraded to.
const nextVersion = "99.0.0"

// onHost runs a script in a throw-away copy of this machine that has the packages in /packages. It returns what the script
// printed.
func onHost(t *testing.T, script string) string {
	t.Helper()
	return run(t, "podman", "--runtime", "runc", "run", "--rm", "--network", "none",
		"--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024",
		"-v", setting(t, "OTELCOL_LLM_PACKAGES")+":/packages:ro", "--rootfs", "/:O",
		"sh", "-euc", script)
}

func TestPackageIsInstalledUpgradedAndPurgedByDpkg(t *testing.T) {
	version := setting(t, "OTELCOL_LLM_VERSION")
	printed := onHost(t, `
		deb() { dpkg -i /packages/otelcol-llm_$1_amd64.deb >/tmp/log 2>&1 || { cat /tmp/log; exit 1; }; }
		deb `+version+`
		otelcol-llm --version
		otelcol-llm-check -help 2>&1 | head -1
		stat -c '%U:%G %a' /etc/otelcol-llm/config.yaml
		id -un otelcol-llm
		setpriv --reuid otelcol-llm --regid otelcol-llm --clear-groups otelcol-llm validate --config=/etc/otelcol-llm/config.yaml && echo valid
		zcat /usr/share/man/man1/otelcol-llm.1.gz | grep -c /etc/otelcol-llm/config.yaml
		wc -c </usr/share/doc/otelcol-llm/third-party-licenses.txt

		echo '# mine' >>/etc/otelcol-llm/config.yaml
		deb `+nextVersion+`
		dpkg-query -W -f '${Version}\n' otelcol-llm
		tail -1 /etc/otelcol-llm/config.yaml

		dpkg -r otelcol-llm >/dev/null
		[ ! -e /usr/bin/otelcol-llm ]
		tail -1 /etc/otelcol-llm/config.yaml
		dpkg -P otelcol-llm >/dev/null
		find /etc /usr /lib/systemd /var/lib /run/systemd -name '*otelcol-llm*' -not -path '/var/lib/containers/*'
		echo gone`)
	lines := strings.Split(printed, "\n")
	require.Len(t, lines, 11, printed)
	assert.Equal(t, "otelcol-llm version "+version, lines[0])
	assert.Contains(t, lines[1], "otelcol-llm-check")
	assert.Equal(t, []string{"root:otelcol-llm 640", "otelcol-llm", "valid"}, lines[2:5])
	assert.NotEqual(t, "0", lines[5], "the manual page names the configuration")
	size, err := strconv.Atoi(lines[6])
	require.NoError(t, err)
	assert.Greater(t, size, 1_000_000, "bytes of licences")
	assert.Equal(t, []string{nextVersion, "# mine", "# mine"}, lines[7:10], "what the user changed stays, until the purge")
	assert.Equal(t, "gone", lines[len(lines)-1])
}

func TestPackageIsInstalledUpgradedAndRemovedByRpm(t *testing.T) {
	version := setting(t, "OTELCOL_LLM_VERSION")
	// Debian's rpm knows nothing of Debian's packages: hence --nodeps, and a database of its own.
	printed := onHost(t, `
		rpm() { command rpm --dbpath /tmp/rpmdb --nodeps "$@" 2>/tmp/log || { cat /tmp/log; exit 1; }; }
		command rpm --dbpath /tmp/rpmdb --initdb
		rpm -i /packages/otelcol-llm-`+version+`-1.x86_64.rpm
		otelcol-llm --version
		stat -c '%U:%G %a' /etc/otelcol-llm/config.yaml
		echo '# mine' >>/etc/otelcol-llm/config.yaml
		rpm -U /packages/otelcol-llm-`+nextVersion+`-1.x86_64.rpm
		command rpm --dbpath /tmp/rpmdb -q --qf '%{VERSION} %{LICENSE}\n' otelcol-llm
		tail -1 /etc/otelcol-llm/config.yaml
		rpm -e otelcol-llm
		[ ! -e /usr/bin/otelcol-llm ] && echo gone
		tail -1 /etc/otelcol-llm/config.yaml.rpmsave`)
	assert.Equal(t, []string{
		"otelcol-llm version " + version, "root:otelcol-llm 640", nextVersion + " Apache-2.0", "# mine", "gone", "# mine",
	}, strings.Split(printed, "\n"))
}

// maxExposure is the score of systemd-analyze security, from 0 to 10, in tenths. What it leaves open: network, NVIDIA's
// devices, /proc.
const maxExposure = 19

func TestPackageServiceIsHardened(t *testing.T) {
	unit, err := filepath.Abs("../../deploy/packages/otelcol-llm.service")
	require.NoError(t, err)
	// Unknown keys are only warned of. The program may not be installed here, nor its manual page.
	command := exec.Command("systemd-analyze", "verify", unit)
	printed, _ := command.CombinedOutput()
	for line := range strings.Lines(string(printed)) {
		if !strings.Contains(line, "is not executable") && !strings.Contains(line, "man otelcol-llm(1)") {
			t.Error(line)
		}
	}
	run(t, "systemd-analyze", "security", "--offline=true", "--threshold="+strconv.Itoa(maxExposure), unit)

	content, err := os.ReadFile(unit)
	require.NoError(t, err)
	assert.Regexp(t, `(?m)^DeviceAllow=/dev/char/195:255 rw$`, string(content), "nvidiactl")
	assert.Regexp(t, `(?m)^MemoryMax=2G$`, string(content))
	assert.Regexp(t, `(?m)^Environment=GOGC=400 GOMEMLIMIT=`+strconv.Itoa(2048*55/100)+`MiB$`, string(content))
}
