package wrptest

import (
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

var (
	watchedMu sync.Mutex
	watched   = make(map[testing.TB]bool)
)

// NoLeaks fails the test when goroutines of the client are left after all of its clean-up that is asked for behind this.
// The second time in a test does nothing.
func NoLeaks(t testing.TB) {
	t.Helper()
	watchedMu.Lock()
	defer watchedMu.Unlock()
	if watched[t] {
		return
	}
	watched[t] = true
	t.Cleanup(func() {
		watchedMu.Lock()
		delete(watched, t)
		watchedMu.Unlock()
		var left []string
		for end := time.Now().Add(Patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
			if left = clientGoroutines(); len(left) == 0 {
				return
			}
		}
		t.Errorf("%d goroutines are left:\n%s", len(left), strings.Join(left, "\n\n"))
	})
}

// clientGoroutines are those in which the client's package has a frame that isn't a test's.
func clientGoroutines() []string {
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	var found []string
	for _, stack := range strings.Split(string(stacks), "\n\n") {
		if strings.Contains(stack, "walletd.(*connection)") || strings.Contains(stack, "walletd.newConnection") ||
			strings.Contains(stack, "walletd.(*Client)") {
			found = append(found, stack)
		}
	}
	return found
}
