package cli

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"dangan/internal/clock"
	"dangan/internal/document"
	"dangan/internal/paper"
	"dangan/internal/rule"
)

// maxCertificate bounds the file that is read: our longest papers are a few megabytes.
const maxCertificate = 64 << 20

type verifyCertificateCmd struct {
	File  string `arg:"" help:"要核验的 PDF" type:"existingfile" placeholder:"FILE"`
	Trust string `help:"受信任的核验证书（PEM），由 dangan key trust 输出，或从公开地址 /api/v1/verify/trust 取得" required:"" type:"existingfile" placeholder:"FILE"`
	JSON  bool   `help:"输出一份 JSON" name:"json"`
}

// verifiedCertificate is the one document of --json. What the file claims is only
// told when it is valid: a forged one could claim anything.
type verifiedCertificate struct {
	OK       bool         `json:"ok"`
	File     string       `json:"file"`
	Flaws    []paper.Flaw `json:"flaws"`
	Signer   string       `json:"signer,omitempty"`
	SignedAt *time.Time   `json:"signedAt,omitempty"`
	Kind     string       `json:"kind,omitempty"`
	Number   string       `json:"number,omitempty"`
	Code     string       `json:"code,omitempty"`
	Agency   string       `json:"agency,omitempty"`
	IssuedOn string       `json:"issuedOn,omitempty"`
}

// Run checks one file against the trusted key, and nothing else.
func (c *verifyCertificateCmd) Run(e *env) error {
	pem, err := os.ReadFile(c.Trust)
	if err != nil {
		return fmt.Errorf("读取 %s：%w", c.Trust, err)
	}
	trusted, err := paper.ParseTrust(pem)
	if err != nil {
		return rule.Mistake(rule.Reason{Rule: "18b", Slug: "trust_unreadable", Field: "trust", Message: "核验证书文件中没有可用的证书，不能判定真伪。",
			Next: "请用 dangan key trust 输出，或从签发机构公开地址重新取得（PEM 格式）。"})
	}
	r, err := verifyFile(c.File, trusted)
	if err != nil {
		return err
	}
	v := verifiedCertificate{OK: r.Valid(), File: c.File, Flaws: r.Flaws}
	if v.Flaws == nil {
		v.Flaws = []paper.Flaw{}
	}
	if r.Valid() {
		v.Signer, v.SignedAt = r.Signer, &r.SignedAt
		v.Kind, v.Number, v.Code, v.Agency, v.IssuedOn = document.KindName(r.Metadata.Kind), r.Metadata.Number, r.Metadata.Code, r.Metadata.Agency, r.Metadata.IssuedOn
	}
	if err := c.tell(e, v); err != nil {
		return err
	}
	if !r.Valid() {
		return errDifferences
	}
	return nil
}

func (c *verifyCertificateCmd) tell(e *env, v verifiedCertificate) error {
	if c.JSON {
		return e.json(v)
	}
	if !v.OK {
		_, err := fmt.Fprintln(e.out, "核验不通过，请勿采信：")
		for _, f := range v.Flaws {
			_, err2 := fmt.Fprintf(e.out, "  %s（%s）\n", f.Message, f.Code)
			err = errors.Join(err, err2)
		}
		return err
	}
	_, err := fmt.Fprintf(e.out, "核验通过：签名有效，内容自签发后没有改动。\n  种类　　%s\n  编号　　%s\n  签发　　%s（%s）\n  签章　　%s\n  是否仍在有效期、有无作废，请以验证页面（编号和验证码 %s）为准。\n",
		v.Kind, v.Number, v.IssuedOn, v.SignedAt.In(clock.Shanghai).Format("15:04:05"), v.Signer, v.Code)
	return err
}

// verifyFile reads and checks a file, one that is too large without reading on.
func verifyFile(path string, trusted []*x509.Certificate) (paper.Result, error) {
	f, err := os.Open(path)
	if err != nil {
		return paper.Result{}, fmt.Errorf("读取 %s：%w", path, err)
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxCertificate+1))
	if err != nil {
		return paper.Result{}, fmt.Errorf("读取 %s：%w", path, err)
	}
	if len(raw) > maxCertificate {
		return paper.Result{Flaws: []paper.Flaw{paper.FlawTooLarge}}, nil
	}
	return paper.Verify(raw, trusted), nil
}
