// Package packaging tests the module as its users get it: as the zip of a proxy, in a project of their own.
package packaging

import (
	"archive/zip"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"walletd.example/walletd"
	"walletd.example/walletd/internal/wrptest"
)

const (
	module   = "walletd.example/walletd"
	version  = "v" + walletd.Version
	root     = "../.."
	protobuf = "/usr/share/gocode/src/google.golang.org/protobuf" // Debian's golang-google-protobuf-dev
)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// publish makes a folder that a Go proxy could serve.
func publish(t *testing.T) string {
	t.Helper()
	proxy := t.TempDir()
	dir := filepath.Join(proxy, module, "@v")
	write(t, filepath.Join(dir, "list"), version+"\n")
	write(t, filepath.Join(dir, version+".info"), fmt.Sprintf(`{"Version":%q,"Time":"2026-01-01T00:00:00Z"}`, version))
	write(t, filepath.Join(dir, version+".mod"), read(t, filepath.Join(root, "go.mod")))
	file, err := os.Create(filepath.Join(dir, version+".zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	list := exec.Command("git", "ls-files", "--cached", "--others", "--exclude-standard")
	list.Dir = root
	names, err := list.Output()
	if err != nil {
		t.Fatal("what belongs to the module is told by git: ", err)
	}
	archive := zip.NewWriter(file)
	for _, name := range strings.Fields(string(names)) {
		if _, err := os.Stat(filepath.Join(root, name)); os.IsNotExist(err) {
			continue // removed, and git is not told yet
		}
		entry, err := archive.Create(module + "@" + version + "/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := entry.Write([]byte(read(t, filepath.Join(root, name)))); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return proxy
}

func TestTheModuleInAnEmptyProject(t *testing.T) {
	server := wrptest.NewServer(t)
	project, cache := t.TempDir(), t.TempDir()
	mod := "module shop\n\ngo 1.19\n\nrequire (\n\t" + module + " " + version +
		"\n\tgoogle.golang.org/protobuf v1.28.1 // indirect\n)\n"
	proxy := "file://" + publish(t)
	if _, err := os.Stat(protobuf); err == nil {
		mod += "\nreplace google.golang.org/protobuf => " + protobuf + "\n"
		proxy += ",off"
	} else {
		proxy += ",https://proxy.golang.org"
	}
	write(t, filepath.Join(project, "go.mod"), mod)
	write(t, filepath.Join(project, "main.go"), read(t, filepath.Join(root, "samples/basic/main.go")))
	program := filepath.Join(project, "shop")
	build := exec.Command("go", "build", "-mod=mod", "-modcacherw", "-o", program, ".")
	build.Dir = project
	build.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off", "GOPROXY="+proxy, "GONOSUMDB="+module, "GOMODCACHE="+cache)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := exec.Command(program, server.Address).CombinedOutput()
	if err != nil || !strings.HasPrefix(string(out), "7.70 EUR\n") {
		t.Errorf("%v\n%s", err, out)
	}
}

// Without a proxy the tests use debian.mod: it has to ask for what go.mod asks for.
func TestDebianModFollowsGoMod(t *testing.T) {
	if !strings.HasPrefix(read(t, filepath.Join(root, "debian.mod")), read(t, filepath.Join(root, "go.mod"))) {
		t.Error("debian.mod is go.mod and a replacement, and here it is not")
	}
}
