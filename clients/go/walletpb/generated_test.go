package walletpb

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The committed code is that of the schema. It takes protoc and protoc-gen-go 1.28 (Debian: protobuf-compiler,
// protoc-gen-go).
func TestTheGeneratedCodeIsNotStale(t *testing.T) {
	dir := t.TempDir()
	if out, err := exec.Command("../generate.sh", dir).CombinedOutput(); err != nil {
		t.Fatalf("it can't be generated: %v\n%s", err, out)
	}
	fresh, err := os.ReadFile(filepath.Join(dir, "walletpb/wallet.pb.go"))
	if err != nil {
		t.Fatal(err)
	}
	committed, err := os.ReadFile("wallet.pb.go")
	if err != nil {
		t.Fatal(err)
	}
	if withoutVersions(string(fresh)) != withoutVersions(string(committed)) {
		t.Error("walletpb/wallet.pb.go is stale: run clients/go/generate.sh")
	}
}

func withoutVersions(code string) string {
	lines := strings.Split(code, "\n")
	kept := lines[:0]
	for _, line := range lines {
		if !strings.HasPrefix(line, "// \tprotoc") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}
