package conformance

import (
	"testing"

	"dangan/internal/testkit"
)

// member makes an account without posts and returns its id.
func member(t *testing.T, p *testkit.Province, username string, party bool) string {
	t.Helper()
	return p.Client("sysadmin-500000").Post("/api/v1/staff", map[string]any{"username": username, "name": "测试员", "agency": "50010801", "partyMember": party}).String("id")
}

func idOf(t *testing.T, p *testkit.Province, username string) string {
	t.Helper()
	return p.As(username).ID
}

func TestPostsAndAdministrators(t *testing.T) {
	grant := func(user, post string, party bool, more ...string) func(*testing.T, *testkit.Province) *testkit.Answer {
		return func(t *testing.T, p *testkit.Province) *testkit.Answer {
			body := map[string]any{"post": post, "reason": "工作需要"}
			for i := 0; i+1 < len(more); i += 2 {
				body[more[i]] = more[i+1]
			}
			return p.Client(user).Post("/api/v1/staff/"+member(t, p, "new-"+unique(), party)+"/posts", body)
		}
	}
	check(t, []Case{
		{Rule: "10a", Name: "安全管理员给党员授予审核岗", Run: grant("secadmin-500000", "reviewer", true)},
		{Rule: "10a", Name: "非党员不能任审核岗", Refused: true, Run: grant("secadmin-500000", "reviewer", false)},
		{Rule: "10a", Name: "非党员经上级批准例外任库管", Run: grant("secadmin-500000", "keeper", false, "exception", "本机构无党员，南岸人社函〔2026〕3号")},
		{Rule: "10a", Name: "系统管理员不能授予岗位", Refused: true, Run: grant("sysadmin-500000", "clerk", true)},
		{Rule: "10a", Name: "代岗须有截止日", Refused: true, Run: grant("secadmin-500000", "clerk", true, "standInFor", "clerk-500108")},
		{Rule: "10a", Name: "代岗登记期限后生效", Run: grant("secadmin-500000", "clerk", true, "standInFor", "clerk-500108", "until", "2026-12-31")},
		{Rule: "10a", Name: "系统管理员不得兼任业务岗位", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("secadmin-500000").Post("/api/v1/staff/"+idOf(t, p, "sysadmin-500000")+"/posts", map[string]any{"post": "clerk"})
		}},
		{Rule: "10a", Name: "安全管理员不得给自己授予岗位", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("secadmin-500000").Post("/api/v1/staff/"+idOf(t, p, "secadmin-500000")+"/posts", map[string]any{"post": "secadmin"})
		}},
		{Rule: "10a", Name: "经办不能新建账户", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/staff", map[string]any{"username": "x", "name": "x", "agency": "50010801", "partyMember": true})
		}},
		{Rule: "10a", Name: "安全管理员重置口令", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("secadmin-500000").Post("/api/v1/staff/"+idOf(t, p, "clerk-500103")+"/reset-password", nil)
		}},
		{Rule: "10b", Name: "工作人员申报亲属", Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/account/kin", map[string]any{"relation": "wife", "name": "演示人", "idNo": "500103199003071239"})
		}},
		{Rule: "12b", Name: "申报的身份证号校验位不对", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/account/kin", map[string]any{"relation": "wife", "name": "演示人", "idNo": "500103199003071230"})
		}},
	})
}

func TestStaleVersionOfAnAccountIsAClearConflict(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		id := idOf(t, p, "clerk-500108")
		c := p.Client("secadmin-500000")
		seen := c.Get("/api/v1/staff/" + id).OK().ETag()
		c.Post("/api/v1/staff/"+id+"/suspend", nil, "If-Match", seen).OK()
		if a := c.Post("/api/v1/staff/"+id+"/leave", nil, "If-Match", seen); a.Status != 409 {
			t.Errorf("a stale version answered %d: %s", a.Status, a.Body)
		}
		if a := p.Client("head-500103").Get("/api/v1/staff/" + id); a.Status != 404 {
			t.Errorf("an account of another agency answered %d", a.Status)
		}
		if got := p.As("clerk-500108"); len(got.Posts) != 0 {
			t.Errorf("a suspended account still holds %v", got.Posts)
		}
	})
}
