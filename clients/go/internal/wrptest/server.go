package wrptest

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Program is the server's: named by WALLETD, else the one that was built in this repository. A missing one is a failure.
func Program(t testing.TB) string {
	t.Helper()
	if named := os.Getenv("WALLETD"); named != "" {
		return named
	}
	_, here, _, _ := runtime.Caller(0)
	built := filepath.Join(filepath.Dir(here), "../../../../.build/debug/walletd")
	if _, err := os.Stat(built); err != nil {
		t.Fatal("no server to test against: name it by WALLETD, or build it with swift build --product walletd")
	}
	return built
}

var listening = regexp.MustCompile(`walletd: listening on (\S+:[0-9]+)`)

// Server is the real server on a loopback port, over one folder of data.
type Server struct {
	Address string
	t       testing.TB
	program string
	options []string
	data    string
	command *exec.Cmd
	exited  chan struct{}

	mu    sync.Mutex
	lines []string
}

// NewServer starts a server. It is killed at the test's end if it still runs.
func NewServer(t testing.TB, options ...string) *Server {
	t.Helper()
	return NewServerOver(t, t.TempDir(), options...)
}

// NewServerOver starts a server over a folder of data.
func NewServerOver(t testing.TB, data string, options ...string) *Server {
	t.Helper()
	s := &Server{t: t, program: Program(t), options: options, data: data, Address: "127.0.0.1:0"}
	s.Start()
	t.Cleanup(s.Kill)
	return s
}

// Start starts it, on the port that it had before if there was one.
func (s *Server) Start() {
	s.t.Helper()
	arguments := append([]string{"serve", "--data", s.data, "--listen", s.Address}, s.options...)
	s.command = exec.Command(s.program, arguments...)
	errors, err := s.command.StderrPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.command.Start(); err != nil {
		s.t.Fatal("no server to test against: ", err)
	}
	found := make(chan string, 1)
	s.exited = make(chan struct{})
	go func(command *exec.Cmd, exited chan struct{}) {
		lines := bufio.NewScanner(errors)
		for lines.Scan() {
			s.mu.Lock()
			s.lines = append(s.lines, lines.Text())
			s.mu.Unlock()
			if match := listening.FindStringSubmatch(lines.Text()); match != nil {
				found <- match[1]
			}
		}
		_ = command.Wait()
		close(exited)
	}(s.command, s.exited)
	select {
	case s.Address = <-found:
	case <-s.exited:
		s.t.Fatal("walletd does not listen; it said:\n" + s.said())
	case <-time.After(3 * Patience):
		s.t.Fatal("walletd does not listen in time; it said:\n" + s.said())
	}
}

// Kill ends it with SIGKILL.
func (s *Server) Kill() {
	_ = s.command.Process.Kill()
	<-s.exited
}

// Terminate asks it to leave with SIGTERM; Wait waits until it has.
func (s *Server) Terminate() { _ = s.command.Process.Signal(syscall.SIGTERM) }

// Wait waits for the end behind Terminate, which has to be a good one.
func (s *Server) Wait() {
	s.t.Helper()
	select {
	case <-s.exited:
	case <-time.After(3 * Patience):
		s.t.Fatal("walletd did not stop at SIGTERM; it said:\n" + s.said())
	}
	if code := s.command.ProcessState.ExitCode(); code != 0 {
		s.t.Fatalf("walletd exited with %d; it said:\n%s", code, s.said())
	}
}

func (s *Server) said() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.lines, "\n")
}
