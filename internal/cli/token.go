package cli

import (
	"fmt"
	"time"

	"dangan/internal/clock"
)

type tokenCmd struct {
	New    tokenNewCmd    `cmd:"" help:"签发接口令牌（只显示一次）"`
	List   tokenListCmd   `cmd:"" help:"列出令牌"`
	Revoke tokenRevokeCmd `cmd:"" help:"吊销令牌"`
}

type tokenNewCmd struct {
	Where
	As
	Name string `arg:"" help:"用途，如 社保数据对接" placeholder:"NAME"`
	Days int    `help:"有效天数，最多 366" default:"90"`
	JSON bool   `help:"输出 JSON"`
}

// Run makes a bearer token with the account's posts.
func (c *tokenNewCmd) Run(e *env) error {
	in, actor, err := e.openAs(c.Where, c.As, false)
	if err != nil {
		return err
	}
	defer in.Close()
	token, t, err := in.Staff.NewToken(e.ctx, actor, c.Name, c.Days)
	if err != nil {
		return err
	}
	if c.JSON {
		return e.json(map[string]any{"id": t.ID, "token": token, "expiresAt": t.ExpiresAt})
	}
	_, err = fmt.Fprintf(e.out, "%s\n有效至 %s，请妥善保存，不再显示。\n", token, t.ExpiresAt.In(clock.Shanghai).Format(time.DateOnly))
	return err
}

type tokenListCmd struct {
	Where
	As
}

// Run lists the account's tokens.
func (c *tokenListCmd) Run(e *env) error {
	in, actor, err := e.openAs(c.Where, c.As, true)
	if err != nil {
		return err
	}
	defer in.Close()
	list, err := in.Staff.Tokens(e.ctx, actor.ID)
	if err != nil {
		return err
	}
	for _, t := range list {
		state := "有效至 " + t.ExpiresAt.In(clock.Shanghai).Format(time.DateOnly)
		if !t.RevokedAt.IsZero() {
			state = "已吊销"
		}
		if _, err := fmt.Fprintf(e.out, "%s  %s  %s\n", t.ID, t.Name, state); err != nil {
			return err
		}
	}
	return nil
}

type tokenRevokeCmd struct {
	Where
	As
	ID string `arg:"" help:"令牌编号" placeholder:"ID"`
}

// Run ends a token at once.
func (c *tokenRevokeCmd) Run(e *env) error {
	in, actor, err := e.openAs(c.Where, c.As, false)
	if err != nil {
		return err
	}
	defer in.Close()
	return in.Staff.RevokeToken(e.ctx, actor, c.ID)
}
