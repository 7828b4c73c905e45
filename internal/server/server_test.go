package server_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dangan/internal/server"
	"dangan/internal/testkit"
)

func TestPlainHTTPOnlyOnThisMachine(t *testing.T) {
	for _, c := range []struct {
		name string
		o    server.Options
		ok   bool
	}{
		{"loopback", server.Options{Listen: "127.0.0.1:0"}, true},
		{"loopback of IPv6", server.Options{Listen: "[::1]:0"}, true},
		{"everywhere", server.Options{Listen: "0.0.0.0:80"}, false},
		{"any address", server.Options{Listen: ":80"}, false},
		{"behind a proxy", server.Options{Listen: ":80", BehindProxy: true}, true},
		{"with a certificate", server.Options{Listen: ":443", TLSCert: "a", TLSKey: "b"}, true},
		{"certificate without key", server.Options{Listen: ":443", TLSCert: "a"}, false},
		{"no port", server.Options{Listen: "127.0.0.1"}, false},
	} {
		if err := c.o.Check(); (err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// certificate writes a self-signed pair for 127.0.0.1.
func certificate(t *testing.T) (cert, key string, pool *x509.CertPool) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, k.Public(), k)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	certPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	for name, b := range map[string][]byte{cert: certPEM, key: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw})} {
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pool = x509.NewCertPool()
	pool.AppendCertsFromPEM(certPEM)
	return cert, key, pool
}

func TestServesOverTLSAndStopsGracefully(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		cert, key, pool := certificate(t)
		ctx, stop := context.WithCancel(t.Context())
		address, done := make(chan string, 1), make(chan error, 1)
		var log bytes.Buffer
		go func() {
			done <- server.Run(ctx, p.Instance, server.Options{Listen: "127.0.0.1:0", TLSCert: cert, TLSKey: key,
				Log: slog.New(slog.NewJSONHandler(&log, nil)), Ready: func(a string) { address <- a }})
		}()
		var base string
		select {
		case a := <-address:
			base = "https://" + a
		case err := <-done:
			t.Fatal(err)
		}
		client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
		for path, want := range map[string]int{"/healthz": 200, "/readyz": 200, "/metrics": 200, "/api/openapi.json": 200, "/api/v1/session": 401, "/api/v1/none": 404} {
			res, err := client.Get(base + path)
			if err != nil {
				t.Fatal(err)
			}
			body, _ := io.ReadAll(res.Body)
			_ = res.Body.Close()
			if res.StatusCode != want {
				t.Errorf("%s answered %d, want %d: %.200s", path, res.StatusCode, want, body)
			}
			for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Permissions-Policy": "camera=(self), microphone=(), geolocation=()", "Strict-Transport-Security": "max-age=31536000; includeSubDomains"} {
				if got := res.Header.Get(name); got != want {
					t.Errorf("%s: %s is %q, want %q", path, name, got, want)
				}
			}
			if path == "/metrics" && !strings.Contains(string(body), "dangan_ledger_entries") {
				t.Error("metrics do not count the ledger")
			}
		}
		client.CloseIdleConnections()
		stop()
		select {
		case err := <-done:
			if err != nil && !errors.Is(err, context.Canceled) {
				t.Errorf("stop: %v", err)
			}
		case <-time.After(30 * time.Second):
			t.Fatal("did not stop")
		}
		if !strings.Contains(log.String(), `"route":"GET /api/v1/session"`) {
			t.Error("requests are not logged by route")
		}
	})
}
