package conformance

import (
	"bytes"
	"fmt"
	"testing"

	"dangan/internal/graduate"
	"dangan/internal/testkit"
)

func TestGraduates(t *testing.T) {
	receive := func(user, number string) func(*testing.T, *testkit.Province) *testkit.Answer {
		return func(t *testing.T, p *testkit.Province) *testkit.Answer {
			file := []byte(fmt.Sprintf("姓名,身份证号,毕业院校,转递编号\n%s,%s,南山学院,ZD-1\n", testkit.Name(900), testkit.IDNo(900)))
			if _, err := p.Graduates.Import(t.Context(), p.As("clerk-500108"), graduate.Source{Agency: "50010801", FileName: "名单.csv", Content: bytes.NewReader(file), Size: int64(len(file))}); err != nil {
				t.Fatal(err)
			}
			return p.Client(user).Post("/api/v1/graduate-packets", map[string]string{"number": number, "seal": "intact"})
		}
	}
	check(t, []Case{
		{Rule: "12", Name: "名单所列毕业生的档案没有申请也接收保管，登记待认领", Run: receive("clerk-500108", "ZD-1")},
		{Rule: "12", Name: "名单没有的档案袋不登记", Refused: true, Run: receive("clerk-500108", "ZD-2")},
	})
}
