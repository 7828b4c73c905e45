package cli

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"strconv"

	"dangan/internal/message"
)

// Sending are the flags of who sends messages to persons.
type Sending struct {
	SMSURL       string `help:"短信网关地址，接口见 docs/sms-gateway.md；不填则短信留待发送" name:"sms-url" env:"DANGAN_SMS_URL" placeholder:"URL"`
	SMSKeyFile   string `help:"与短信网关共享的签名密钥文件" name:"sms-key-file" env:"DANGAN_SMS_KEY_FILE" placeholder:"FILE"`
	SMTP         string `help:"邮件服务器 主机:端口；不填则邮件留待发送" name:"smtp" env:"DANGAN_SMTP" placeholder:"HOST:PORT"`
	SMTPFrom     string `help:"发件地址" name:"smtp-from" env:"DANGAN_SMTP_FROM" placeholder:"ADDR"`
	SMTPUser     string `help:"邮件服务器账户；不填则不登录" name:"smtp-user" env:"DANGAN_SMTP_USER" placeholder:"NAME"`
	SMTPPassword string `help:"邮件服务器口令文件" name:"smtp-password-file" env:"DANGAN_SMTP_PASSWORD_FILE" placeholder:"FILE"`
	SMTPPlain    bool   `help:"不用 TLS 连接邮件服务器，只限本机或内网中继" name:"smtp-plain" env:"DANGAN_SMTP_PLAIN"`
}

// senders makes what the flags name; none where nothing is named.
func (s Sending) senders() (map[string]message.Sender, error) {
	out := map[string]message.Sender{}
	secret := func(file string) ([]byte, error) {
		if file == "" {
			return nil, nil
		}
		raw, err := os.ReadFile(file)
		return bytes.TrimSpace(raw), err
	}
	if s.SMSURL != "" {
		key, err := secret(s.SMSKeyFile)
		if err != nil || len(key) < 16 {
			return nil, fmt.Errorf("短信网关的密钥文件 %q 不可读或少于 16 个字符：%w", s.SMSKeyFile, err)
		}
		out[message.SMS] = message.NewGateway(s.SMSURL, key)
	}
	if s.SMTP != "" {
		host, port, err := net.SplitHostPort(s.SMTP)
		if err != nil {
			return nil, fmt.Errorf("邮件服务器应写成 主机:端口：%w", err)
		}
		n, err := strconv.Atoi(port)
		if err != nil {
			return nil, fmt.Errorf("邮件服务器的端口：%w", err)
		}
		password, err := secret(s.SMTPPassword)
		if err != nil {
			return nil, fmt.Errorf("邮件服务器的口令文件：%w", err)
		}
		out[message.Email] = &message.Mail{Host: host, Port: n, From: s.SMTPFrom, User: s.SMTPUser, Password: string(password), Plain: s.SMTPPlain}
	}
	return out, nil
}
