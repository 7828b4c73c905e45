package portal

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dangan/internal/policy"
)

func written(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range map[string]string{"sign-in.json": text, "secret": "a secret of the test alone\n", "short": "tiny"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "sign-in.json")
}

func TestTheFileOfProviders(t *testing.T) {
	list, err := ReadProviders(written(t, `{"providers":[{"key":"licence","name":"电子营业执照","kind":"unit","issuer":"https://id.example.cn","clientId":"dangan","secretFile":"secret","claims":{"uscc":"credit_code"}}]}`))
	if err != nil || len(list) != 1 {
		t.Fatalf("%+v %v", list, err)
	}
	p := list[0]
	if p.Secret != "a secret of the test alone" || p.Kind != policy.Unit || p.Claims != (Claims{"credit_code", "unit_name", "name", "id_no"}) || strings.Join(p.Scopes, " ") != "openid profile" {
		t.Errorf("%+v", p)
	}
	const good = `{"key":"k","name":"名","kind":"unit","issuer":"https://id.example.cn","clientId":"c","secretFile":"secret"}`
	for what, text := range map[string]string{
		"an issuer without TLS": strings.Replace(good, "https://id", "http://id", 1), "no kind": strings.Replace(good, `"unit"`, `"all"`, 1), "a short secret": strings.Replace(good, `"secret"}`, `"short"}`, 1),
		"a secret in the file": strings.Replace(good, `"secretFile"`, `"secret"`, 1), "no secret": strings.Replace(good, `,"secretFile":"secret"`, "", 1), "twice the same": good + "," + good, "no name": strings.Replace(good, "名", " ", 1),
	} {
		if _, err := ReadProviders(written(t, `{"providers":[`+text+`]}`)); err == nil {
			t.Errorf("%s was taken", what)
		}
	}
	if _, err := ReadProviders(written(t, `{"providers":[`+strings.Replace(good, "https://id.example.cn", "http://127.0.0.1:9", 1)+`]}`)); err != nil {
		t.Errorf("a provider on the same machine: %v", err)
	}
}

// Signing out leads to the provider's own page where it announces one, and nowhere else.
func TestSigningOutEndsTheProvidersSession(t *testing.T) {
	for announced, want := range map[string]string{
		"":                                   "",
		"https://id.example.cn/end?tenant=1": "https://id.example.cn/end?client_id=dangan&post_logout_redirect_uri=https%3A%2F%2Fdangan.example.cn%2Fportal&tenant=1",
		"http://id.example.cn/end":           "",
		"javascript:alert(1)":                "",
	} {
		var issuer string
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			says := map[string]any{"issuer": issuer, "authorization_endpoint": issuer + "/auth", "token_endpoint": issuer + "/token", "jwks_uri": issuer + "/keys"}
			if announced != "" {
				says["end_session_endpoint"] = announced
			}
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(says)
		}))
		issuer = server.URL
		k := New(Config{Providers: []Provider{{Key: "licence", Issuer: issuer, ClientID: "dangan"}}, Public: "https://dangan.example.cn/", Log: slog.New(slog.DiscardHandler)})
		if got := k.Ends(t.Context(), "licence"); got != want {
			t.Errorf("%q leads to %q, want %q", announced, got, want)
		}
		if got := k.Ends(t.Context(), "another"); got != "" {
			t.Errorf("a provider that is gone leads to %q", got)
		}
		server.Close()
		k = New(Config{Providers: k.providers, Public: "https://dangan.example.cn", Log: slog.New(slog.DiscardHandler)})
		if got := k.Ends(t.Context(), "licence"); got != "" {
			t.Errorf("a provider that is down leads to %q", got)
		}
	}
}

type keys struct{}

func (keys) Index(purpose, value string) []byte {
	h := hmac.New(sha256.New, []byte("a key of the test alone"))
	h.Write([]byte(purpose + "\x00" + value))
	return h.Sum(nil)
}

func TestASignInUnderWayIsTheBrowsersOwn(t *testing.T) {
	k := &Desk{keys: keys{}}
	b := begun{Provider: "licence", State: random(), Nonce: random(), Verifier: random(), Until: time.Now().Add(time.Minute).Unix()}
	cookie := k.seal(b)
	if got, ok := k.unseal(cookie); !ok || got != b {
		t.Errorf("%+v %v", got, ok)
	}
	text, mac, _ := strings.Cut(cookie, ".")
	other, _, _ := strings.Cut(k.seal(begun{Provider: "citizen", State: b.State, Until: b.Until}), ".")
	b.Until = time.Now().Add(-time.Minute).Unix()
	for what, forged := range map[string]string{"nothing": "", "no MAC": text, "another's MAC": other + "." + mac, "too late": k.seal(b), "a bit turned": "A" + cookie[1:]} {
		if _, ok := k.unseal(forged); ok && forged != cookie {
			t.Errorf("%s was taken", what)
		}
	}
}

func TestWhoAProviderNames(t *testing.T) {
	p := Provider{Key: "licence", Kind: policy.Unit}
	p.fill()
	claims := map[string]any{"name": " 周知行 ", "id_no": "11010519491231002x", "uscc": "91500103ma5u00011h", "unit_name": "云岫智能（演示）有限公司"}
	who := p.identity(claims)
	if err := who.check("2026-11-27"); err != nil || who.IDNo != "11010519491231002X" || who.USCC != "91500103MA5U00011H" || who.Name != "周知行" {
		t.Errorf("%+v %v", who, err)
	}
	for _, name := range []string{"name", "id_no", "uscc", "unit_name"} {
		for _, wrong := range []any{nil, "", 7, "91500103MA5U00011A "} {
			if name == "name" || name == "unit_name" {
				if _, text := wrong.(string); text && wrong != "" {
					continue
				}
			}
			less := map[string]any{}
			for k, v := range claims {
				less[k] = v
			}
			less[name] = wrong
			who := p.identity(less)
			if err := who.check("2026-11-27"); err == nil {
				t.Errorf("%s=%v was taken: %+v", name, wrong, who)
			}
		}
	}
	person := Provider{Key: "citizen", Kind: policy.Citizen}
	person.fill()
	if who := person.identity(claims); who.USCC != "" || who.Unit != "" || who.check("2026-11-27") != nil {
		t.Errorf("a person for a unit: %+v", who)
	}
}

func TestAnActorIsNamedByWhoItIs(t *testing.T) {
	k := &Desk{keys: keys{}}
	worker := Identity{Kind: policy.Unit, USCC: "91500103MA5U00011H", IDNo: "11010519491231002X", Name: "甲"}
	id := k.idOf(worker)
	if len(id) != 36 || id[14] != '8' || k.idOf(worker) != id {
		t.Errorf("%s", id)
	}
	renamed := worker
	renamed.Name, renamed.Unit, renamed.Provider = "乙", "新名", "another"
	if k.idOf(renamed) != id {
		t.Error("a new name makes another actor")
	}
	for _, other := range []Identity{{Kind: policy.Citizen, IDNo: worker.IDNo}, {Kind: policy.Unit, USCC: "91500000202800110K", IDNo: worker.IDNo}, {Kind: policy.Unit, USCC: worker.USCC, IDNo: "110105194912310038"}} {
		if k.idOf(other) == id {
			t.Errorf("%+v is the same actor", other)
		}
	}
}
