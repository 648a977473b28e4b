package walletd

import (
	"testing"
	"time"
)

func TestWaits(t *testing.T) {
	policy := RetryPolicy{}.withDefaults()
	if policy.AttemptsMax != 6 || policy.Backoff != 50*time.Millisecond || policy.BackoffMax != 2*time.Second {
		t.Error(policy)
	}
	for attempts, whole := range map[int]time.Duration{1: 50, 2: 100, 3: 200, 4: 400, 5: 800, 6: 1600, 7: 2000, 99: 2000} {
		whole *= time.Millisecond
		least, most := whole, time.Duration(0)
		for i := 0; i < 2000; i++ {
			wait := policy.wait(attempts, 0)
			if wait < whole/2 || wait > whole {
				t.Fatalf("wait %d is %s", attempts, wait)
			}
			if wait < least {
				least = wait
			}
			if wait > most {
				most = wait
			}
		}
		if most-least < whole/4 {
			t.Errorf("waits %d are all from %s to %s", attempts, least, most)
		}
	}
	for i := 0; i < 100; i++ {
		if wait := policy.wait(1, 3*time.Second); wait < 3*time.Second || wait > 3050*time.Millisecond {
			t.Errorf("the server asked for 3 s, and it is %s", wait)
		}
		if wait := policy.wait(7, time.Millisecond); wait < time.Second {
			t.Errorf("the server asks for less, and it is %s", wait)
		}
	}
}

func TestBudget(t *testing.T) {
	budget := newRetryBudget()
	spent := func() (count int) {
		for budget.spend() {
			count++
		}
		return count
	}
	if count := spent(); count != 10 {
		t.Errorf("%d at the start", count)
	}
	for i := 0; i < 9; i++ {
		budget.earn()
	}
	if count := spent(); count != 0 {
		t.Errorf("%d after 9 calls", count)
	}
	budget.earn()
	if count := spent(); count != 1 {
		t.Errorf("%d after 10 calls", count)
	}
	for i := 0; i < 5000; i++ {
		budget.earn()
	}
	if count := spent(); count != 100 {
		t.Errorf("%d saved up", count)
	}
}

func TestServerMillis(t *testing.T) {
	for left, want := range map[time.Duration]uint32{-time.Second: 1, 0: 1, time.Millisecond: 1, 10 * time.Millisecond: 9,
		10 * time.Second: 9000, 1 << 62: 1<<32 - 1} {
		if got := serverMillis(left); got != want {
			t.Errorf("%s: %d, not %d", left, got, want)
		}
	}
}
