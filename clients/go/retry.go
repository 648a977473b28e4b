package walletd

import (
	"math/rand"
	"sync"
	"time"
)

// RetryPolicy says how often and how patiently a call is tried again; always within its deadline. The zero value has
// the defaults.
//
// Tried again are lost connections, GOAWAY, UNAVAILABLE and RESOURCE_EXHAUSTED: reads as they are, mutations with the
// same key, which the server executes at most once. The n-th wait is between half of and the whole Backoff · 2ⁿ⁻¹, at
// most BackoffMax, and never below what the server asked for. Beside it all calls of a client share a budget: each
// earns a tenth of a retry; 10 are there at the start, at most 100 are saved up.
type RetryPolicy struct {
	AttemptsMax int           // 0: 6; 1: nothing is tried again
	Backoff     time.Duration // 0: 50 ms
	BackoffMax  time.Duration // 0: 2 s
}

func (p RetryPolicy) withDefaults() RetryPolicy {
	if p.AttemptsMax <= 0 {
		p.AttemptsMax = 6
	}
	if p.Backoff <= 0 {
		p.Backoff = 50 * time.Millisecond
	}
	if p.BackoffMax <= 0 {
		p.BackoffMax = 2 * time.Second
	}
	return p
}

// wait is that after the given count of attempts.
func (p RetryPolicy) wait(attempts int, retryAfter time.Duration) time.Duration {
	whole := p.Backoff
	for i := 1; i < attempts && whole < p.BackoffMax; i++ {
		whole *= 2
	}
	if whole > p.BackoffMax {
		whole = p.BackoffMax
	}
	wait := whole/2 + jitter(whole/2)
	if retryAfter == 0 {
		return wait
	}
	// Beyond the server's wish by the first wait only, so that the clients it sent away don't come back at once.
	if asked := retryAfter + jitter(p.Backoff); asked > wait {
		return asked
	}
	return wait
}

var (
	jitterMu     sync.Mutex
	jitterSource = rand.New(rand.NewSource(time.Now().UnixNano())) // the shared source of Go 1.19 has a fixed seed
)

// jitter is from 0 to max.
func jitter(max time.Duration) time.Duration {
	jitterMu.Lock()
	defer jitterMu.Unlock()
	return time.Duration(jitterSource.Int63n(int64(max) + 1))
}

const (
	budgetMax   = 100 * budgetRetry
	budgetStart = 10 * budgetRetry
	budgetRetry = 10 // what a retry costs; a first attempt earns 1
)

// retryBudget keeps retries from becoming the load that they wait to pass.
type retryBudget struct {
	mu    sync.Mutex
	saved int
}

func newRetryBudget() *retryBudget { return &retryBudget{saved: budgetStart} }

func (b *retryBudget) earn() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.saved < budgetMax {
		b.saved++
	}
}

func (b *retryBudget) spend() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.saved < budgetRetry {
		return false
	}
	b.saved -= budgetRetry
	return true
}
