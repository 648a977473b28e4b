package walletd

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"walletd.example/walletd/internal/wrptest"
	pb "walletd.example/walletd/walletpb"
)

func tlsFiles(t *testing.T, ca, cert, key, name string) *tls.Config {
	t.Helper()
	return must[*tls.Config](t)(TLSFiles(ca, cert, key, name))
}

func TestTLS(t *testing.T) {
	authority := wrptest.NewAuthority(t)
	names := make(chan string, 1)
	config := authority.ServerConfig(time.Hour, "127.0.0.1", "wallets.test")
	script := func(p *wrptest.Peer) {
		hello := p.Hello(nil)
		state := p.Conn.(*tls.Conn).ConnectionState()
		if state.Version != tls.VersionTLS13 || state.NegotiatedProtocol != "wrp/1" {
			t.Errorf("TLS %x, %q", state.Version, state.NegotiatedProtocol)
		}
		names <- state.ServerName
		if hello.GetCredentials().GetToken() != "secret" {
			t.Error(hello)
		}
		for {
			p.OK(p.Request(), &pb.PingResponse{CommitSeq: 1})
		}
	}
	for name, served := range map[string]string{"": "", "wallets.test": "wallets.test"} {
		fake := wrptest.NewFake(t, config, script)
		client := connect(t, fake.Address, Options{Token: "secret", TLS: tlsFiles(t, authority.File, "", "", name)})
		for i := 0; i < 3; i++ {
			must[*Pong](t)(client.Ping(ctx))
		}
		if got := <-names; got != served {
			t.Errorf("the server was asked for %q", got)
		}
		_ = client.Close()
	}
}

func TestCertificatesThatAreNotAccepted(t *testing.T) {
	authority, other := wrptest.NewAuthority(t), wrptest.NewAuthority(t)
	never := func(p *wrptest.Peer) { p.Hello(nil); t.Error("the client spoke") }
	for name, one := range map[string]struct {
		valid time.Duration
		names []string
		ca    string
	}{
		"expired":           {-time.Hour, []string{"127.0.0.1"}, authority.File},
		"another name":      {time.Hour, []string{"elsewhere.test"}, authority.File},
		"another authority": {time.Hour, []string{"127.0.0.1"}, other.File},
	} {
		t.Run(name, func(t *testing.T) {
			fake := wrptest.NewFake(t, authority.ServerConfig(one.valid, one.names...), never)
			client := connect(t, fake.Address, Options{Token: "secret", Retry: eager,
				TLS: tlsFiles(t, one.ca, "", "", "")})
			started := time.Now()
			_, err := debit(ctx, client)
			e := wantKind(t, err, KindUnauthenticated)
			var (
				invalid   x509.CertificateInvalidError
				hostname  x509.HostnameError
				authority x509.UnknownAuthorityError
			)
			if !errors.As(err, &invalid) && !errors.As(err, &hostname) && !errors.As(err, &authority) || e.Key != key {
				t.Error(e)
			}
			if fake.Connections() != 1 {
				t.Errorf("%d connections: it won't be accepted next time either", fake.Connections())
			}
			within(t, started, 5*time.Second)
			_ = client.Close()
		})
	}
}

func TestClientCertificates(t *testing.T) {
	authority, other := wrptest.NewAuthority(t), wrptest.NewAuthority(t)
	config := authority.ServerConfig(time.Hour, "127.0.0.1")
	config.ClientAuth = tls.RequireAndVerifyClientCert
	config.ClientCAs = authority.Pool()
	serves := func(p *wrptest.Peer) {
		p.Hello(nil)
		if who := p.Conn.(*tls.Conn).ConnectionState().PeerCertificates[0].Subject.CommonName; who != "till-7" {
			t.Error(who)
		}
		p.OK(p.Request(), &pb.PingResponse{})
		p.Ends()
	}
	certFile, keyFile := authority.Certificate("till-7", time.Hour)
	client := connect(t, wrptest.NewFake(t, config, serves).Address,
		Options{TLS: tlsFiles(t, authority.File, certFile, keyFile, "")})
	must[*Pong](t)(client.Ping(ctx))
	_ = client.Close()

	expired, expiredKey := authority.Certificate("expired", -time.Hour)
	foreign, foreignKey := other.Certificate("foreign", time.Hour)
	never := func(p *wrptest.Peer) { p.Hello(nil); t.Error("the server accepted it") }
	for name, files := range map[string][2]string{"none": {}, "expired": {expired, expiredKey}, "foreign": {foreign, foreignKey}} {
		t.Run(name, func(t *testing.T) {
			fake := wrptest.NewFake(t, config, never)
			client := connect(t, fake.Address,
				Options{Retry: eager, TLS: tlsFiles(t, authority.File, files[0], files[1], "")})
			_, err := debit(ctx, client)
			wantKind(t, err, KindUnauthenticated)
			_ = client.Close()
		})
	}
}

func TestTLSWhereThereIsNone(t *testing.T) {
	authority := wrptest.NewAuthority(t)
	plain := wrptest.NewFake(t, nil, func(p *wrptest.Peer) {
		p.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"))
		p.Ends()
	})
	client := connect(t, plain.Address, Options{Retry: eager, TLS: tlsFiles(t, authority.File, "", "", "")})
	_, err := debit(ctx, client)
	wantKind(t, err, KindProtocol)
	_ = client.Close()

	old := authority.ServerConfig(time.Hour, "127.0.0.1")
	old.MinVersion, old.MaxVersion = tls.VersionTLS12, tls.VersionTLS12
	client = connect(t, wrptest.NewFake(t, old, (*wrptest.Peer).Ends).Address,
		Options{Retry: eager, TLS: tlsFiles(t, authority.File, "", "", "")})
	_, err = debit(ctx, client)
	wantKind(t, err, KindProtocol)
	_ = client.Close()

	web := authority.ServerConfig(time.Hour, "127.0.0.1")
	web.NextProtos = []string{"h2"}
	client = connect(t, wrptest.NewFake(t, web, (*wrptest.Peer).Ends).Address,
		Options{Retry: eager, TLS: tlsFiles(t, authority.File, "", "", "")})
	_, err = debit(ctx, client)
	wantKind(t, err, KindProtocol)
	_ = client.Close()

	secure := wrptest.NewFake(t, authority.ServerConfig(time.Hour, "127.0.0.1"), (*wrptest.Peer).Ends)
	client = connect(t, secure.Address, Options{Retry: once})
	_, err = debit(ctx, client)
	if !errors.Is(err, ErrProtocol) && !errors.Is(err, ErrDisconnected) || errors.Is(err, ErrOutcomeUnknown) {
		t.Error(err)
	}
	_ = client.Close()
}

func TestAHandshakeThatHangs(t *testing.T) {
	silent := wrptest.NewFake(t, nil, (*wrptest.Peer).Ends)
	client := connect(t, silent.Address, Options{TLS: &tls.Config{}})
	started := time.Now()
	_, err := debit(limit(t, 200*time.Millisecond), client)
	wantKind(t, err, KindDeadlineExceeded)
	_ = client.Close()
	within(t, started, 10*time.Second)
}

func TestFilesThatAreNotThere(t *testing.T) {
	for _, files := range [][3]string{{"none.pem", "", ""}, {"", "none.pem", "none.key"}, {"tls_test.go", "", ""}, {"", "", "x"}} {
		if _, err := TLSFiles(files[0], files[1], files[2], ""); err == nil {
			t.Error(files)
		}
	}
}

func TestTLSOfTheRealServer(t *testing.T) {
	authority, other := wrptest.NewAuthority(t), wrptest.NewAuthority(t)
	certFile, keyFile := authority.Certificate("server", time.Hour, "127.0.0.1", "wallets.test")
	clientCert, clientKey := authority.Certificate("till-7", time.Hour)
	socket := filepath.Join(t.TempDir(), "s")
	server := wrptest.NewServer(t, "--tls-cert", certFile, "--tls-key", keyFile, "--tls-client-ca", authority.File,
		"--listen", "unix:"+socket)
	for name, options := range map[string]Options{
		"by address":       {TLS: tlsFiles(t, authority.File, "", "", "")},
		"by name":          {TLS: tlsFiles(t, authority.File, "", "", "wallets.test")},
		"with certificate": {TLS: tlsFiles(t, authority.File, clientCert, clientKey, "")},
	} {
		client := connect(t, server.Address, options)
		if _, err := client.Ping(ctx); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	must[*Pong](t)(connect(t, "unix:"+socket, Options{}).Ping(ctx))
	for name, one := range map[string]struct {
		options Options
		kind    Kind
	}{
		"another authority": {Options{TLS: tlsFiles(t, other.File, "", "", "")}, KindUnauthenticated},
		"another name":      {Options{TLS: tlsFiles(t, authority.File, "", "", "elsewhere.test")}, KindUnauthenticated},
		"without TLS":       {Options{}, KindProtocol},
	} {
		one.options.Retry = eager
		_, err := debit(ctx, connect(t, server.Address, one.options))
		var e *NotExecutedError
		if !errors.As(err, &e) || e.Kind != one.kind || e.Key != key {
			t.Errorf("%s: %v", name, err)
		}
	}
	client := connect(t, server.Address, Options{TLS: tlsFiles(t, authority.File, "", "", "")})
	workThrough(t, client, func(progress func()) {
		progress()
		server.Kill()
		server.Start()
		progress()
	})
	plain := wrptest.NewServer(t)
	_, err := debit(ctx, connect(t, plain.Address, Options{Retry: eager, TLS: tlsFiles(t, authority.File, "", "", "")}))
	wantKind(t, err, KindProtocol)
}

func TestTheRealServerRequiresACertificate(t *testing.T) {
	authority, other := wrptest.NewAuthority(t), wrptest.NewAuthority(t)
	certFile, keyFile := authority.Certificate("server", time.Hour, "127.0.0.1")
	server := wrptest.NewServer(t, "--tls-cert", certFile, "--tls-key", keyFile, "--tls-client-ca", authority.File,
		"--tls-require-client-cert")
	good, goodKey := authority.Certificate("till-7", time.Hour)
	must[*Pong](t)(connect(t, server.Address, Options{TLS: tlsFiles(t, authority.File, good, goodKey, "")}).Ping(ctx))
	expired, expiredKey := authority.Certificate("expired", -time.Hour)
	foreign, foreignKey := other.Certificate("foreign", time.Hour)
	for name, files := range map[string][2]string{"none": {}, "expired": {expired, expiredKey},
		"foreign": {foreign, foreignKey}} {
		client := connect(t, server.Address, Options{Retry: eager,
			TLS: tlsFiles(t, authority.File, files[0], files[1], "")})
		if _, err := debit(ctx, client); !errors.Is(err, ErrUnauthenticated) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
