package certificate

import (
	"bytes"
	"fmt"
	"runtime"
	"syscall"
	"testing"
	"time"

	"dangan/internal/agency"
	"dangan/internal/crypto"
	"dangan/internal/document"
	"dangan/internal/paper"
	"dangan/internal/person"
	"dangan/internal/statement"
)

// budget is what one signed certificate may take of one core.
const budget = 25 * time.Millisecond

// spent is the processor time this process has used.
func spent(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkCertificate lays out, seals and signs one certificate of each kind as
// the press does, on one core, and prints the processor time of one: what others do
// on the machine meanwhile does not count. The last figure is the share of the budget.
func BenchmarkCertificate(b *testing.B) {
	keys, err := crypto.Create(b.TempDir(), "重庆市")
	if err != nil {
		b.Fatal(err)
	}
	signer, chain := keys.DocumentSigner()
	lines := map[Kind][]statement.Line{
		Custody: {{Key: "custody", Kind: "custody", From: "2019-06-18", Post: "个人账户", Source: "档案接收与出入库登记"}},
		Kinship: {{Key: "family:1", Kind: "father", Name: "程闻笛", Relation: "父亲", IDNo: "500108196003140016", Source: "1-1《流动人员履历表》", Recorded: "2019年6月"}},
	}
	for i, fact := range statement.FactKinds {
		lines[Facts] = append(lines[Facts], statement.Line{Key: fmt.Sprint("fact:", i), Kind: fact, Written: "1991年3月14日", Source: "1-1《流动人员履历表》第1页", Recorded: "2019年6月"})
	}
	for i := range 8 {
		lines[History] = append(lines[History], statement.Line{Key: fmt.Sprint("period:", i), Kind: "work", From: fmt.Sprintf("20%02d-07", 10+i), To: fmt.Sprintf("20%02d-06", 11+i), Unit: "云岫智能（演示）有限公司", Post: "技术员",
			Source: "1-1《流动人员履历表》", Recorded: "2019年6月"})
	}
	one := func(kind Kind) {
		at := time.Now()
		c := content{words: firstWords[kind], Certificate: Certificate{Kind: kind, Use: "办理落户", Applicant: Self, Name: "程砚清", ValidUntil: "2027-02-24"}, lines: lines[kind], maker: "罗以宁", reviewer: "周启明",
			person: person.Person{Name: "程砚清", Sex: "2", IDNo: "500108199103140022"}, agency: agency.Agency{ID: "50010801", Name: "南岸区人才交流服务中心", Short: "南岸人才", Hotline: "023-00000000"}}
		d := paper.New(paper.Options{Title: kind.Name(), Number: "南岸人才证〔2026〕1号", Issuer: c.agency.Name, Hotline: c.agency.Hotline, VerifyURL: "https://dangan.example.cn/verify?n=1&c=2345-6789",
			VerifyCode: "2345-6789", Notice: document.Foot, Created: at, Metadata: paper.Metadata{Number: "南岸人才证〔2026〕1号", Kind: paperKinds[kind], Code: document.NewCode(), Agency: c.agency.ID}})
		c.write(d, at, &paper.Seal{Name: c.agency.Name, Line: "档案业务专用章"})
		var raw bytes.Buffer
		if err := d.Render(&raw); err != nil {
			b.Fatal(err)
		}
		if _, err := paper.Sign(raw.Bytes(), paper.Signing{Signer: signer, Chain: chain, At: at, Name: c.agency.Name, Reason: "出具" + kind.Name()}); err != nil {
			b.Fatal(err)
		}
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for _, kind := range Kinds {
		one(kind) // the faces are opened once a process
		before, n := spent(b), 0
		for begin := time.Now(); time.Since(begin) < time.Second; n++ {
			one(kind)
		}
		each := (spent(b) - before) / time.Duration(n)
		fmt.Printf("BENCH certificate-%s %.1f ms %.2f\n", kind, float64(each)/float64(time.Millisecond), float64(each)/float64(budget))
	}
}
