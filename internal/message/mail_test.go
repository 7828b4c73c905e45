package message_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dangan/internal/message"

	"github.com/emersion/go-smtp"
)

// postbox names the folder in which this program, started again, is a mail server: a process of
// its own that can be killed.
const postbox = "DANGAN_TEST_POSTBOX"

func TestMain(m *testing.M) {
	if folder := os.Getenv(postbox); folder != "" {
		if err := serveMail(folder); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// serveMail takes mail into a folder until it is killed; it says its port in a file.
func serveMail(folder string) error {
	l, err := net.Listen("tcp", "127.0.0.1:"+os.Getenv(postbox+"_PORT"))
	if err != nil {
		return err
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	if err := os.WriteFile(filepath.Join(folder, "port.new"), []byte(port), 0o600); err != nil {
		return err
	}
	if err := os.Rename(filepath.Join(folder, "port.new"), filepath.Join(folder, "port")); err != nil {
		return err
	}
	server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &session{folder: folder, c: c}, nil }))
	server.Domain = "localhost"
	return server.Serve(l)
}

// session is one connection to the mail server. Whom it is for says how it behaves: nobody@ has
// no box, early@ is hung up on before the answer, late@ after it.
type session struct {
	folder string
	c      *smtp.Conn
	to     string
}

func (s *session) Mail(string, *smtp.MailOptions) error { return nil }

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if strings.HasPrefix(to, "nobody@") {
		return &smtp.SMTPError{Code: 550, Message: "no such user"}
	}
	s.to = to
	return nil
}

func (s *session) Data(r io.Reader) error {
	f, err := os.CreateTemp(s.folder, "mail-*")
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	if _, err := io.Copy(f, r); err != nil {
		return err
	}
	if strings.HasPrefix(s.to, "early@") {
		return s.c.Conn().Close()
	}
	return nil
}

func (s *session) Reset() {
	if strings.HasPrefix(s.to, "late@") {
		_ = s.c.Conn().Close()
	}
}

func (s *session) Logout() error { return nil }

// mailServer starts one on a port, any free one if it is "", and waits until it listens.
func mailServer(t *testing.T, folder, port string) (kill func(), at string) {
	t.Helper()
	_ = os.Remove(filepath.Join(folder, "port"))
	server := exec.Command(os.Args[0])
	server.Env = append(os.Environ(), postbox+"="+folder, postbox+"_PORT="+port)
	server.Stderr = os.Stderr
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	kill = func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	}
	t.Cleanup(kill)
	for range 1000 {
		if raw, err := os.ReadFile(filepath.Join(folder, "port")); err == nil {
			return kill, string(raw)
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("the mail server does not listen")
	return nil, ""
}

// mails are the mails in a folder that hold some words.
func mails(t *testing.T, folder, words string) (n int) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "mail-*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(raw), words) {
			n++
		}
	}
	return n
}

func TestMailGoesThroughARealServer(t *testing.T) {
	folder := t.TempDir()
	kill, at := mailServer(t, folder, "")
	var port int
	if _, err := fmt.Sscan(at, &port); err != nil {
		t.Fatal(err)
	}
	m := &message.Mail{Host: "127.0.0.1", Port: port, From: "dangan@example.cn", Plain: true}
	if err := m.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Send(t.Context(), "one", "li@example.cn", "李**，已受理。"); err != nil {
		t.Fatal(err)
	}
	if n := mails(t, folder, "one@example.cn"); n != 1 {
		t.Errorf("the server got it %d times", n)
	}
	var no message.Refusal
	if _, err := m.Send(t.Context(), "two", "nobody@example.cn", "李**，已受理。"); !errors.As(err, &no) {
		t.Errorf("a box that is not there is no refusal: %v", err)
	}
	if id, err := m.Send(t.Context(), "three", "late@example.cn", "李**，已受理。"); err != nil || id != "three@example.cn" {
		t.Errorf("a server that took the mail and hung up: %q %v; it would go twice", id, err)
	}
	var unknown message.Unknown
	if _, err := m.Send(t.Context(), "four", "early@example.cn", "李**，已受理。"); !errors.As(err, &unknown) {
		t.Errorf("a server that hung up before its answer: %v", err)
	}
	// Killed, it takes nothing, and nobody takes that for a refusal: the mail waits and goes later.
	kill()
	if _, err := m.Send(t.Context(), "five", "li@example.cn", "李**，已受理。"); err == nil || errors.As(err, &no) || errors.As(err, &unknown) {
		t.Errorf("a server that was killed: %v", err)
	}
	mailServer(t, folder, at)
	if _, err := m.Send(t.Context(), "five", "li@example.cn", "李**，已受理。"); err != nil {
		t.Errorf("the server is back: %v", err)
	}
	if n := mails(t, folder, "five@example.cn"); n != 1 {
		t.Errorf("the server that came back got it %d times", n)
	}
}
