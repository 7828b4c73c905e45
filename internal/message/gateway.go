package message

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// Gateway sends SMS over HTTP as docs/sms-gateway.md says.
type Gateway struct {
	URL    string
	Key    []byte // of the signature
	Client *http.Client
}

// NewGateway is a gateway with a bound on every request.
func NewGateway(url string, key []byte) *Gateway {
	return &Gateway{URL: url, Key: key, Client: &http.Client{Timeout: 10 * time.Second}}
}

// Send posts one message. The message's id is the Idempotency-Key: the gateway takes it once
// however often it is sent.
func (g *Gateway) Send(ctx context.Context, id, to, text string) (string, error) {
	body, err := json.Marshal(map[string]string{"id": id, "to": to, "text": text})
	if err != nil {
		return "", err
	}
	res, err := g.do(ctx, http.MethodPost, id, body)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	var said struct{ ID, Reason string }
	raw, err := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	if err != nil {
		return "", err
	}
	_ = json.Unmarshal(raw, &said) // a gateway that says nothing has said yes or no by its status
	switch status := res.StatusCode; {
	case status/100 == 2 || status == http.StatusConflict: // taken, or taken before
		return said.ID, nil
	case status == http.StatusRequestTimeout || status == http.StatusTooManyRequests || status == http.StatusUnauthorized || status == http.StatusForbidden || status >= 500:
		return "", fmt.Errorf("短信网关答复 %d %s", status, said.Reason)
	default:
		return "", Refusal{fmt.Sprintf("短信网关不予发送（%d）%s", status, said.Reason)}
	}
}

// Check asks whether the gateway is there and knows the key.
func (g *Gateway) Check(ctx context.Context) error {
	res, err := g.do(ctx, http.MethodGet, "", nil)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode/100 != 2 {
		return fmt.Errorf("短信网关答复 %d", res.StatusCode)
	}
	return nil
}

func (g *Gateway) do(ctx context.Context, method, id string, body []byte) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, method, g.URL, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	at := strconv.FormatInt(time.Now().Unix(), 10)
	mac := hmac.New(sha256.New, g.Key)
	fmt.Fprintf(mac, "%s.%s", at, body)
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("X-Dangan-Timestamp", at)
	r.Header.Set("X-Dangan-Signature", hex.EncodeToString(mac.Sum(nil)))
	if id != "" {
		r.Header.Set("Idempotency-Key", id)
	}
	return g.Client.Do(r)
}
