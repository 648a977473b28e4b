package walletd

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
)

// alpn is the name of the protocol within TLS.
const alpn = "wrp/1"

// TLSFiles makes the TLS configuration of files in PEM: the authority that signed the server's certificate ("": the
// system's), and a certificate of the client with its key ("": none). serverName is the name that the server's
// certificate must have; "": the host of the address.
func TLSFiles(caFile, certFile, keyFile, serverName string) (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS13, ServerName: serverName}
	if caFile != "" {
		pem, err := os.ReadFile(caFile)
		if err != nil {
			return nil, fmt.Errorf("walletd: no authority: %w", err)
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("walletd: no certificate in %s", caFile)
		}
	}
	if certFile != "" || keyFile != "" {
		certificate, err := tls.LoadX509KeyPair(certFile, keyFile)
		if err != nil {
			return nil, fmt.Errorf("walletd: no client certificate: %w", err)
		}
		config.Certificates = []tls.Certificate{certificate}
	}
	return config, nil
}

// tlsConfig is the caller's with what WRP/1 takes.
func tlsConfig(given *tls.Config, host string) *tls.Config {
	config := given.Clone()
	config.MinVersion = tls.VersionTLS13
	config.NextProtos = []string{alpn}
	if config.ServerName == "" {
		config.ServerName = host
	}
	return config
}

// tlsError tells whose fault a failed handshake is: an identity that isn't accepted, here or there, won't be accepted
// next time either, and what isn't TLS won't become it.
func tlsError(err error) (failure *NotExecutedError, retry bool) {
	var (
		authority x509.UnknownAuthorityError
		name      x509.HostnameError
		expired   x509.CertificateInvalidError
		roots     x509.SystemRootsError
		record    tls.RecordHeaderError
		network   *net.OpError
	)
	switch {
	case errors.As(err, &authority), errors.As(err, &name), errors.As(err, &expired), errors.As(err, &roots):
		return notExecuted(KindUnauthenticated, "the server's certificate is not accepted", err), false
	case errors.As(err, &record):
		return notExecuted(KindProtocol, "the server does not speak TLS", err), false
	case errors.As(err, &network) && network.Op == "remote error":
		if alert := err.Error(); strings.Contains(alert, "certificate") || strings.Contains(alert, "access denied") {
			return notExecuted(KindUnauthenticated, "the server does not accept the client", err), false
		}
		return notExecuted(KindProtocol, "the server refused TLS", err), false
	case strings.HasPrefix(err.Error(), "tls: "):
		return notExecuted(KindProtocol, "TLS failed", err), false
	}
	return notExecuted(KindDisconnected, "TLS failed", err), true
}
