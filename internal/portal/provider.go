package portal

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/identity"
	"dangan/internal/policy"
	"dangan/internal/rule"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Provider is where units or persons prove who they are: an OpenID Connect issuer, and how
// it calls what is asked of it.
type Provider struct {
	Key      string
	Name     string // on the button: 电子营业执照
	Kind     string // policy.Unit or policy.Citizen
	Issuer   string
	ClientID string
	Secret   string
	Scopes   []string
	Claims   Claims
}

// Claims are a provider's names for what is asked of it.
type Claims struct {
	USCC string `json:"uscc"`
	Unit string `json:"unit"`
	Name string `json:"name"`
	IDNo string `json:"idNo"`
}

// Callback is the page a provider sends the browser back to.
const Callback = "/portal/callback"

// Home is the page a provider sends the browser back to after signing out.
const Home = "/portal"

var keyForm = regexp.MustCompile(`^[a-z0-9-]{1,30}$`)

// ReadProviders reads the file that names the providers; secrets stand in files or in the
// environment, never in it. A file that says anything that can't be right is an error: the
// server does not start with a door that does not close.
func ReadProviders(path string) ([]Provider, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("登录服务的设置：%w", err)
	}
	var file struct {
		Providers []struct {
			Key        string   `json:"key"`
			Name       string   `json:"name"`
			Kind       string   `json:"kind"`
			Issuer     string   `json:"issuer"`
			ClientID   string   `json:"clientId"`
			SecretFile string   `json:"secretFile"`
			SecretEnv  string   `json:"secretEnv"`
			Scopes     []string `json:"scopes"`
			Claims     Claims   `json:"claims"`
		} `json:"providers"`
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&file); err != nil {
		return nil, fmt.Errorf("登录服务的设置 %s：%w", path, err)
	}
	var out []Provider
	for i, f := range file.Providers {
		wrong := func(what string) error {
			return fmt.Errorf("登录服务的设置 %s 第 %d 项：%s", path, i+1, what)
		}
		p := Provider{Key: f.Key, Name: strings.TrimSpace(f.Name), Kind: map[string]string{"unit": policy.Unit, "person": policy.Citizen}[f.Kind], Issuer: f.Issuer, ClientID: f.ClientID, Scopes: f.Scopes, Claims: f.Claims}
		at, err := url.Parse(p.Issuer)
		switch {
		case !keyForm.MatchString(p.Key) || slices.ContainsFunc(out, func(o Provider) bool { return o.Key == p.Key }):
			return nil, wrong("key 应为小写字母、数字、短横，且不重复")
		case p.Name == "" || p.ClientID == "":
			return nil, wrong("缺 name 或 clientId")
		case p.Kind == "":
			return nil, wrong("kind 应为 unit（单位）或 person（个人）")
		case err != nil || at.Host == "" || at.Scheme != "https" && (at.Scheme != "http" || !loopback(at.Hostname())):
			return nil, wrong("issuer 应为 https 网址")
		case f.SecretFile == "" && f.SecretEnv == "":
			return nil, wrong("缺 secretFile 或 secretEnv")
		}
		if f.SecretFile != "" {
			if !filepath.IsAbs(f.SecretFile) {
				f.SecretFile = filepath.Join(filepath.Dir(path), f.SecretFile)
			}
			secret, err := os.ReadFile(f.SecretFile)
			if err != nil {
				return nil, wrong("密钥文件不可读：" + err.Error())
			}
			p.Secret = string(bytes.TrimSpace(secret))
		} else {
			p.Secret = os.Getenv(f.SecretEnv)
		}
		if len(p.Secret) < 16 {
			return nil, wrong("密钥少于 16 个字符")
		}
		p.fill()
		out = append(out, p)
	}
	return out, nil
}

// fill takes the usual names for what the file leaves out.
func (p *Provider) fill() {
	if len(p.Scopes) == 0 {
		p.Scopes = []string{"profile"}
	}
	if !slices.Contains(p.Scopes, oidc.ScopeOpenID) {
		p.Scopes = append([]string{oidc.ScopeOpenID}, p.Scopes...)
	}
	for _, c := range []struct {
		name  *string
		usual string
	}{{&p.Claims.USCC, "uscc"}, {&p.Claims.Unit, "unit_name"}, {&p.Claims.Name, "name"}, {&p.Claims.IDNo, "id_no"}} {
		if *c.name == "" {
			*c.name = c.usual
		}
	}
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// discovery keeps what an issuer says of itself; it is asked when it is first needed.
type discovery struct {
	mu    sync.Mutex
	known map[string]*oidc.Provider
	http  *http.Client
}

func newDiscovery() *discovery {
	return &discovery{known: map[string]*oidc.Provider{}, http: &http.Client{Timeout: 10 * time.Second}}
}

func (d *discovery) of(ctx context.Context, p Provider) (*oidc.Provider, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if known := d.known[p.Key]; known != nil {
		return known, nil
	}
	// The keys are fetched again under this context later on: it must not end with the request.
	found, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), d.http), p.Issuer)
	if err != nil {
		return nil, err
	}
	d.known[p.Key] = found
	return found, nil
}

// begun is a sign-in under way. It lies in the browser's cookie under a MAC: which provider,
// what its answer must repeat, and the secret of PKCE.
type begun struct {
	Provider string `json:"p"`
	State    string `json:"s"`
	Nonce    string `json:"n"`
	Verifier string `json:"v"`
	Until    int64  `json:"u"`
}

// within is how long a sign-in at a provider may take.
const within = 10 * time.Minute

func random() string {
	raw := make([]byte, 24)
	_, _ = rand.Read(raw) // never fails
	return base64.RawURLEncoding.EncodeToString(raw)
}

func refuse(slug, message, next string) *rule.Refusal {
	return rule.Refuse(rule.Reason{Rule: "29.3", Slug: slug, Message: message, Next: next})
}

func unavailable(name string) *rule.Refusal {
	return refuse("provider_unavailable", "“"+name+"”登录服务暂时连接不上。", "请稍后重试；急需办理的，请到存档机构窗口。")
}

func notFinished() *rule.Refusal {
	return refuse("sign_in_not_finished", "这次登录没有完成，或已超过 10 分钟。", "请回到登录页重新登录；不要使用他人发来的登录链接。")
}

func (k *Desk) seal(b begun) string {
	raw, _ := json.Marshal(b)
	text := base64.RawURLEncoding.EncodeToString(raw)
	return text + "." + base64.RawURLEncoding.EncodeToString(k.keys.Index("portal sign-in", text))
}

func (k *Desk) unseal(cookie string) (b begun, ok bool) {
	text, mac, _ := strings.Cut(cookie, ".")
	given, err := base64.RawURLEncoding.DecodeString(mac)
	if err != nil || !hmac.Equal(given, k.keys.Index("portal sign-in", text)) {
		return b, false
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(raw, &b) != nil {
		return b, false
	}
	return b, time.Now().Unix() < b.Until
}

// Providers are the doors that are set up, in the order of the file.
func (k *Desk) Providers() []Provider { return k.providers }

func (k *Desk) provider(key string) (Provider, bool) {
	i := slices.IndexFunc(k.providers, func(p Provider) bool { return p.Key == key })
	if i < 0 {
		return Provider{}, false
	}
	return k.providers[i], true
}

func (k *Desk) client(p Provider, at *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{ClientID: p.ClientID, ClientSecret: p.Secret, Endpoint: at.Endpoint(), RedirectURL: k.public + Callback, Scopes: p.Scopes}
}

// Leads is where the browser goes to sign in, and what it keeps until it comes back.
func (k *Desk) Leads(ctx context.Context, key string) (location, cookie string, err error) {
	p, known := k.provider(key)
	if !known {
		return "", "", refuse("provider_unknown", "没有这种登录方式。", "请从登录页所列的方式中选择。")
	}
	at, err := k.discovery.of(ctx, p)
	if err != nil {
		k.log.WarnContext(ctx, "identity provider", "provider", p.Key, "error", err)
		return "", "", unavailable(p.Name)
	}
	b := begun{Provider: p.Key, State: random(), Nonce: random(), Verifier: oauth2.GenerateVerifier(), Until: time.Now().Add(within).Unix()}
	return k.client(p, at).AuthCodeURL(b.State, oidc.Nonce(b.Nonce), oauth2.S256ChallengeOption(b.Verifier)), k.seal(b), nil
}

// Ends is where the browser goes to end the session at the provider too (OpenID Connect
// RP-Initiated Logout), so that the next at a shared counter is not signed in as the last;
// empty where the provider announces no such place or can't be asked: the session here has
// ended all the same. No token is kept for it, so the provider may ask whether to sign out.
func (k *Desk) Ends(ctx context.Context, key string) string {
	p, known := k.provider(key)
	if !known {
		return ""
	}
	at, err := k.discovery.of(ctx, p)
	if err != nil {
		k.log.WarnContext(ctx, "identity provider: sign-out", "provider", p.Key, "error", err)
		return ""
	}
	var says struct {
		End string `json:"end_session_endpoint"`
	}
	if err := at.Claims(&says); err != nil || says.End == "" {
		return ""
	}
	end, err := url.Parse(says.End)
	if err != nil || end.Host == "" || end.Scheme != "https" && (end.Scheme != "http" || !loopback(end.Hostname())) {
		k.log.WarnContext(ctx, "identity provider: end_session_endpoint", "provider", p.Key, "endpoint", says.End)
		return ""
	}
	q := end.Query()
	q.Set("client_id", p.ClientID)
	q.Set("post_logout_redirect_uri", k.public+Home)
	end.RawQuery = q.Encode()
	return end.String()
}

// Complete checks what a provider sent back by the browser that began here, and says who it is.
func (k *Desk) Complete(ctx context.Context, cookie, state, code string) (who Identity, err error) {
	b, ok := k.unseal(cookie)
	if !ok || code == "" || !hmac.Equal([]byte(b.State), []byte(state)) {
		return who, notFinished()
	}
	p, known := k.provider(b.Provider)
	if !known {
		return who, notFinished()
	}
	at, err := k.discovery.of(ctx, p)
	if err != nil {
		k.log.WarnContext(ctx, "identity provider", "provider", p.Key, "error", err)
		return who, unavailable(p.Name)
	}
	ctx = oidc.ClientContext(ctx, k.discovery.http)
	token, err := k.client(p, at).Exchange(ctx, code, oauth2.VerifierOption(b.Verifier))
	if err != nil {
		k.log.WarnContext(ctx, "identity provider: exchange", "provider", p.Key, "error", err)
		var answered *oauth2.RetrieveError
		if errors.As(err, &answered) {
			return who, notFinished()
		}
		return who, unavailable(p.Name)
	}
	raw, _ := token.Extra("id_token").(string)
	proof, err := at.Verifier(&oidc.Config{ClientID: p.ClientID}).Verify(ctx, raw)
	if err != nil || !hmac.Equal([]byte(proof.Nonce), []byte(b.Nonce)) {
		k.log.WarnContext(ctx, "identity provider: token", "provider", p.Key, "error", err)
		return who, notFinished()
	}
	claims := map[string]any{}
	if err := proof.Claims(&claims); err != nil {
		return who, notFinished()
	}
	who = p.identity(claims)
	if problem := who.check(k.gate.Today()); problem == nil {
		return who, nil
	}
	// Many providers put no more than the subject into the token.
	more, err := at.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err == nil && more.Subject == proof.Subject && more.Claims(&claims) == nil {
		who = p.identity(claims)
	}
	if problem := who.check(k.gate.Today()); problem != nil {
		return who, problem
	}
	return who, nil
}

// identity reads what a provider says under its own names.
func (p Provider) identity(claims map[string]any) Identity {
	text := func(name string) string {
		s, _ := claims[name].(string)
		return strings.TrimSpace(s)
	}
	who := Identity{Kind: p.Kind, Provider: p.Key, Name: text(p.Claims.Name), IDNo: text(p.Claims.IDNo)}
	if p.Kind == policy.Unit {
		who.USCC, who.Unit = text(p.Claims.USCC), text(p.Claims.Unit)
	}
	return who
}

// check holds an identity to its form and brings its numbers into the one that is kept.
func (who *Identity) check(today calendar.Date) *rule.Refusal {
	citizen, wrong := identity.Parse(who.IDNo, today)
	if wrong != "" || who.Name == "" {
		return refuse("identity_incomplete", "登录服务没有给出您的姓名和公民身份号码。", "请在登录服务中完成实名认证并同意提供这两项，再重新登录。")
	}
	who.IDNo = citizen.Number
	if who.Kind != policy.Unit {
		return nil
	}
	uscc, wrong, _ := identity.CheckCredit(who.USCC)
	if wrong != "" || who.Unit == "" {
		return refuse("unit_incomplete", "登录服务没有给出单位名称和统一社会信用代码。", "请以单位的电子证照登录，并同意提供这两项。")
	}
	who.USCC = uscc
	return nil
}
