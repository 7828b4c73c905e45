package message

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/wneessen/go-mail"
)

// Mail sends e-mail over SMTP.
type Mail struct {
	Host           string
	Port           int
	From           string
	User, Password string // both empty: no sign-in
	Plain          bool   // without TLS, for a server on the same machine
}

func (s *Mail) client() (*mail.Client, error) {
	options := []mail.Option{mail.WithPort(s.Port), mail.WithTimeout(20 * time.Second), mail.WithTLSPolicy(mail.TLSMandatory)}
	if s.Plain {
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	}
	if s.User != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(s.User), mail.WithPassword(s.Password))
	}
	return mail.NewClient(s.Host, options...)
}

// Send hands one message to the server under a Message-ID made of the message's id.
func (s *Mail) Send(ctx context.Context, id, to, text string) (string, error) {
	m := mail.NewMsg()
	if err := m.From(s.From); err != nil {
		return "", fmt.Errorf("发件地址 %s：%w", s.From, err)
	}
	if err := m.To(to); err != nil {
		return "", Refusal{"邮箱地址有误"}
	}
	_, domain, _ := strings.Cut(s.From, "@")
	m.SetMessageIDWithValue(id + "@" + domain)
	m.Subject("流动人员人事档案办理通知")
	m.SetBodyString(mail.TypeTextPlain, text)
	c, err := s.client()
	if err != nil {
		return "", err
	}
	err = c.DialAndSendWithContext(ctx, m)
	if m.IsDelivered() {
		// The server took it; what went wrong afterwards, in parting, is no reason to send it twice.
		return id + "@" + domain, nil
	}
	var no *mail.SendError
	if errors.As(err, &no) && !no.IsTemp() {
		switch {
		case no.Reason == mail.ErrSMTPRcptTo:
			return "", Refusal{"邮件服务器拒收该地址"}
		case no.Reason == mail.ErrSMTPDataClose && no.ErrorCode() == 0:
			return "", Unknown{"邮件服务器收信后没有答复，是否发出不明"}
		case no.Reason == mail.ErrSMTPDataClose:
			return "", Refusal{"邮件服务器拒收该邮件"}
		}
	}
	return id + "@" + domain, err
}

// Check connects and says hello.
func (s *Mail) Check(ctx context.Context) error {
	c, err := s.client()
	if err != nil {
		return err
	}
	if err := c.DialWithContext(ctx); err != nil {
		return err
	}
	return c.Close()
}
