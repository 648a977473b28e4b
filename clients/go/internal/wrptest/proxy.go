package wrptest

import (
	"io"
	"net"
	"sync"
	"testing"
)

// Join copies both ways until both ends have ended.
func Join(a, b net.Conn) {
	var copies sync.WaitGroup
	for _, pair := range [][2]net.Conn{{a, b}, {b, a}} {
		copies.Add(1)
		go func(to, from net.Conn) {
			defer copies.Done()
			_, _ = io.Copy(to, from)
			_ = to.Close()
		}(pair[0], pair[1])
	}
	copies.Wait()
}

// Proxy stands between a client and a server, and misbehaves as it is told.
type Proxy struct {
	Address  string
	t        testing.TB
	listener net.Listener
	server   string
	copies   sync.WaitGroup

	mu    sync.Mutex
	conns map[net.Conn]struct{}
	count int
	slice int  // bytes that are passed on at a time; 0: as they come
	black bool // nothing is passed on
	stuck bool // something came that isn't
	freed *sync.Cond
	ended bool
}

// NewProxy stands before the server at an address.
func NewProxy(t testing.TB, server string) *Proxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{Address: listener.Addr().String(), t: t, listener: listener, server: server,
		conns: make(map[net.Conn]struct{})}
	p.freed = sync.NewCond(&p.mu)
	p.copies.Add(1)
	go p.accept()
	t.Cleanup(p.close)
	return p
}

// Slice passes on so many bytes at a time from now on.
func (p *Proxy) Slice(bytes int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.slice = bytes
}

// Blackhole passes on nothing while on, and what came meanwhile afterwards.
func (p *Proxy) Blackhole(on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.black, p.stuck = on, false
	p.freed.Broadcast()
}

// WaitStuck waits until something has come that isn't passed on.
func (p *Proxy) WaitStuck() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for !p.stuck && !p.ended {
		p.freed.Wait()
	}
}

// Cut ends all connections that there are.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for conn := range p.conns {
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		_ = conn.Close()
		delete(p.conns, conn)
	}
}

// Connections is how many were accepted.
func (p *Proxy) Connections() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.count
}

func (p *Proxy) accept() {
	defer p.copies.Done()
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.server)
		if err != nil {
			_ = client.Close()
			continue
		}
		p.mu.Lock()
		p.count++
		p.conns[client], p.conns[server] = struct{}{}, struct{}{}
		p.mu.Unlock()
		p.copies.Add(2)
		go p.copy(client, server)
		go p.copy(server, client)
	}
}

func (p *Proxy) copy(to, from net.Conn) {
	defer p.copies.Done()
	defer to.Close()
	defer from.Close()
	buffer := make([]byte, 64*1024)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		p.mu.Lock()
		for p.black && !p.ended {
			if !p.stuck {
				p.stuck = true
				p.freed.Broadcast()
			}
			p.freed.Wait()
		}
		slice := p.slice
		p.mu.Unlock()
		if slice == 0 {
			slice = n
		}
		for at := 0; at < n; at += slice {
			end := at + slice
			if end > n {
				end = n
			}
			if _, err := to.Write(buffer[at:end]); err != nil {
				return
			}
		}
	}
}

func (p *Proxy) close() {
	_ = p.listener.Close()
	p.mu.Lock()
	p.ended = true
	p.freed.Broadcast()
	p.mu.Unlock()
	p.Cut()
	p.copies.Wait()
}
