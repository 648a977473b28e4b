package walletd

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Version is that of this package.
const Version = "0.1.0"

const (
	defaultTimeout        = 10 * time.Second
	defaultConnectTimeout = 5 * time.Second
	clientNameMax         = 64
)

// Options are what a client may be told at its making. The zero value has the defaults.
type Options struct {
	// Timeout is the deadline of each call whose context has none; 0: 10 s. It covers connecting and all attempts.
	Timeout time.Duration
	// ConnectTimeout bounds one try to connect, until the server has answered HELLO; 0: 5 s.
	ConnectTimeout time.Duration
	// Connections is how many there are at most; 0: 1. Calls take them in turn.
	Connections int
	// ClientName, at most 64 bytes of [A-Za-z0-9._:@/-], is stored beside each row that this client writes.
	ClientName string
	// LedgerID makes the server refuse unless it serves this ledger.
	LedgerID string
	// Token says who is calling. It never appears in an error.
	Token string
	// TokenFile has the token instead; it is read at each connect, and space around the token is left out.
	TokenFile string
	// TLS makes the client speak TLS 1.3; nil: plain TCP. The server's certificate and the name in it are checked:
	// ServerName, else the host of the address. TLSFiles makes one of files.
	TLS *tls.Config
	// Retry says how often and how patiently to try again.
	Retry RetryPolicy
	// Dial makes the connection below TLS instead of a net.Dialer. It has to end when its context does.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// settings are checked options.
type settings struct {
	Options
	network string // tcp or unix
	address string
	tls     *tls.Config
	silence time.Duration // after which a stream without a sign of life is given up
}

// newSettings reads "host:port", "[v6]:port" or "unix:PATH" and the options.
func newSettings(address string, options Options) (*settings, error) {
	s := &settings{Options: options, silence: streamSilenceMax}
	var host string
	if path := strings.TrimPrefix(address, "unix:"); path != address && path != "" {
		s.network, s.address = "unix", path
	} else {
		var port string
		var err error
		host, port, err = net.SplitHostPort(address)
		if number, bad := strconv.ParseUint(port, 10, 16); err != nil || bad != nil || host == "" || number == 0 {
			return nil, fmt.Errorf(`walletd: an address is "host:port", "[v6]:port" or "unix:PATH", not %q`, address)
		}
		s.network, s.address = "tcp", address
	}
	if s.Timeout < 0 || s.ConnectTimeout < 0 || s.Connections < 0 {
		return nil, errors.New("walletd: a timeout or a count of connections is below 0")
	}
	if s.Token != "" && s.TokenFile != "" {
		return nil, errors.New("walletd: Token and TokenFile are both given")
	}
	if !utf8.ValidString(s.ClientName) || len(s.ClientName) > clientNameMax || !utf8.ValidString(s.LedgerID) ||
		!utf8.ValidString(s.Token) {
		return nil, errors.New("walletd: a name or the token is too long or is not UTF-8")
	}
	if s.TLS != nil && host == "" && s.TLS.ServerName == "" && !s.TLS.InsecureSkipVerify {
		return nil, errors.New("walletd: TLS on a Unix socket takes a ServerName")
	}
	if s.Timeout == 0 {
		s.Timeout = defaultTimeout
	}
	if s.ConnectTimeout == 0 {
		s.ConnectTimeout = defaultConnectTimeout
	}
	if s.Connections == 0 {
		s.Connections = 1
	}
	if s.ClientName == "" {
		s.ClientName = "walletd-go/" + Version
	}
	if s.Dial == nil {
		s.Dial = new(net.Dialer).DialContext
	}
	s.Retry = s.Retry.withDefaults()
	if s.TLS != nil {
		s.tls = tlsConfig(s.TLS, host)
	}
	return s, nil
}
