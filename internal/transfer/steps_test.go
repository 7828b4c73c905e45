package transfer

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/rule"

	"pgregory.net/rapid"
)

var noon = time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)

const today = calendar.Date("2026-11-23")

func slugs(err error) []string {
	var r *rule.Refusal
	if !errors.As(err, &r) {
		return nil
	}
	var out []string
	for _, reason := range r.Reasons {
		out = append(out, string(reason.Rule)+"/"+reason.Slug)
	}
	return out
}

// good performs an act with input that is right; what is left to refuse is the state.
func good(c *Case, action string, promised bool) error {
	items := []Item{{LineNo: 1, ReceiverCheck: LineOK}}
	var gaps []Gap
	if promised {
		gaps = []Gap{{KeyFact: "birth_date", Title: "户籍证明"}}
	}
	switch action {
	case "transfer.letter":
		return c.Letter("万州人才调〔2026〕1号", "ABCD-2345", "r1", today, today.AddDays(30))
	case "transfer.register":
		return c.Register(Registration{LetterNo: c.LetterNo, Code: c.LetterCode, ReceivedOn: today}, "h1", today, calendar.Default())
	case "transfer.pulled":
		return c.Pull("h2", noon)
	case "transfer.list":
		return c.Step(action)
	case "transfer.review":
		return c.Approve(Hindrances{}, "", "h3", noon)
	case "transfer.decline":
		_, err := c.Decline(Hindrances{Hold: "法院查封"}, "h3", noon)
		return err
	case "transfer.pack":
		return c.Pack(Seal{SealNo: "N-1", Volumes: 1}, "h1", noon)
	case "transfer.reopen":
		return c.Reopen()
	case "transfer.dispatch":
		return c.Dispatched(Dispatch{Way: ConfidentialPost, TrackingNo: "1", Office: "重庆市机要通信局", On: today.String()}, "", "h1", today, 30)
	case "transfer.resend":
		return c.Dispatched(Dispatch{Way: ConfidentialPost, TrackingNo: "1", Office: "重庆市机要通信局", On: today.String()}, "", "h1", today, 30)
	case "transfer.fault":
		if err := c.Step(action); err != nil {
			return err
		}
		c.Fault = ""
		_, err := c.Report(Trouble{Kind: FaultAstray, On: today, Place: "某单位收发室"}, "h1", "50010801", today, 10, noon)
		return err
	case "transfer.lost":
		return c.Lose(&Fault{State: FaultTold, Answer: AnswerNone}, "h9", today, today.AddDays(60))
	case "transfer.came_back":
		return c.CameBack(&Fault{}, Back{On: today, Intact: promised, Seen: "封条开裂"}, "h1", today, calendar.Default(), 5)
	case "transfer.redeliver":
		return c.Redeliver(&Fault{Kind: FaultAstray}, Dispatch{Way: ConfidentialPost, TrackingNo: "4", Office: "重庆市机要通信局", On: today.String()}, "", "h1", today, 30)
	case "transfer.search_decide":
		if err := c.Step(action); err != nil {
			return err
		}
		if c.Direction == In {
			c.LostBack(&Fault{}, "s1", today, noon)
			return nil
		}
		c.Rebuild(&Fault{}, "s1", today, calendar.Default(), true)
		return nil
	case "transfer.fault_sign":
		return c.Sign(&Fault{}, "封条开裂，卷内齐全", "r2", today)
	case "transfer.contact", "transfer.dispose", "transfer.untold", "transfer.remind", "transfer.escalate", "transfer.inquire", "transfer.inquiry_answer", "transfer.search_ask", "transfer.unreceipted":
		return c.Step(action)
	case "transfer.stray":
		return c.Stray(&Fault{}, Came{On: today, Intact: true}, "某机构", "t1", "50010301", today, noon)
	case "transfer.arrive":
		return c.Arrive(Arrival{On: today, Intact: true, Volumes: 1, Way: ConfidentialPost, No: "黔机001"}, "r1", today)
	case "transfer.check":
		return c.Checked(items, "r1", noon)
	case "transfer.second":
		return c.Keep(items, "r2", noon)
	case "transfer.receive":
		return c.Receive(items, gaps, "r2", noon)
	case "transfer.tell":
		return c.Tell(today)
	case "transfer.promise":
		return c.Promise(Promised{Signed: true, Statement: "知悉", On: today}, today, today.AddDays(180), noon)
	case "transfer.return":
		return c.Return("与原单位人事处协商一致", []Gap{{KeyFact: "birth_date"}})
	case "transfer.send_back":
		return c.SendBack(Seal{SealNo: "N-2", Volumes: 1}, Dispatch{Way: ConfidentialPost, TrackingNo: "2", Office: "重庆市机要通信局", On: today.String()}, "", "r1", today, 30)
	case "transfer.history":
		return c.Record([]Recorded{{Unit: "某公司（演示）", From: "2013-07", LineNo: 1}}, items, "r1")
	case "transfer.confirm_history":
		return c.Confirm("r2")
	case "transfer.draft", "transfer.forward", "transfer.correct", "transfer.correct_way", "transfer.overdue":
		return c.Step(action)
	case "transfer.answer":
		return c.answer(Answering{Answer: Agreed, On: today}, "r1", today, noon)
	case "transfer.forwarded":
		return c.forwarded(Dispatch{Way: ConfidentialPost, TrackingNo: "3", Office: "重庆市机要通信局", On: today.String()}, "通知 3", today)
	case "transfer.receipt":
		return c.Receipt(OutsideReceipt{On: today, Intact: true, Note: "多出一份", Volumes: 1, Copies: 2, Pages: 3, Outcome: "接收", By: "收发室", Checker: "档案室"}, items, today, noon)
	case "transfer.withdraw":
		return c.Withdraw(Withdrawal{Why: "本人申请撤回", Paper: "撤回申请 1 号"}, noon)
	case "transfer.buried":
		return c.Bury(noon)
	case "transfer.shelved":
		return c.Shelve(noon)
	case "transfer.expire":
		c.ValidUntil = "2026-11-01"
		return c.Expire(calendar.Default(), today, noon)
	case "transfer.chase", "transfer.urge":
		day := today // another one than last time: once a day at most
		if c.ChasedOn == day.String() {
			day = day.AddDays(1)
		}
		return c.chase(action, day)
	}
	panic(action)
}

// In every order of acts: each is possible exactly where the table says, a refused
// one changes nothing, and the packet has one custodian at every moment, who
// changes once, in the receiver's receipt or the outside keeper's.
func TestOneCustodianInEveryOrderOfActs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Case{Direction: rapid.SampledFrom([]string{Inner, In, Out}).Draw(t, "direction"), State: Applied, PersonName: "邓予安", OutsideKind: EndStateFirm}
		if c.Direction == Out {
			c.State = Lettered
			if err := c.register(Registration{LetterNo: "组调1号", Telephone: "023-1", Spoke: "王", ReceivedOn: today}, "h1", today, calendar.Default()); err != nil {
				t.Fatal(err)
			}
		}
		moves := 0
		promised := rapid.Bool().Draw(t, "promised")
		for range rapid.IntRange(1, 60).Draw(t, "acts") {
			s := steps[rapid.IntRange(0, len(steps)-1).Draw(t, "act")]
			before := c
			allowed := c.Step(s.action) == nil
			err := good(&c, s.action, promised)
			if known := slices.Contains(slugs(err), "20.4a/not_told") || slices.Contains(slugs(err), "20.4a/told_already") ||
				slices.Contains(slugs(err), "20.4a/return_between_agencies") || slices.Contains(slugs(err), "20.4a/check_incomplete") || slices.Contains(slugs(err), "20.3b/history_unrecorded") ||
				slices.Contains(slugs(err), "20.1/answered_already") || slices.Contains(slugs(err), "20.1/not_across_provinces"); known {
				c = before
				continue
			}
			if (err == nil) != allowed {
				t.Fatalf("%s in %s: table says %v, act says %v", s.action, before.State, allowed, err)
			}
			if err != nil {
				c.ValidUntil = before.ValidUntil // set by the helper
				if !reflect.DeepEqual(c, before) {
					t.Fatalf("%s was refused and changed the case", s.action)
				}
				continue
			}
			if before.Custodian() != c.Custodian() {
				moves++
				if !slices.Contains([]string{"transfer.receive", "transfer.second", "transfer.receipt"}, s.action) {
					t.Fatalf("custody moved by %s", s.action)
				}
			}
			if moves > 1 || before.Moved() && !c.Moved() {
				t.Fatal("custody moved twice")
			}
			if (c.State == Closed || c.State == Shelving || c.State == Promising) != c.Moved() {
				t.Fatalf("in %s with custody at the %s", c.State, c.Custodian())
			}
		}
	})
}

// 20.4a: whoever entered a result is none of those who may be the second person, whoever
// entered the last one.
func TestAllWhoCheckedAreFirst(t *testing.T) {
	c := Case{Direction: Inner, State: Checking}
	lines := []Item{{LineNo: 1, ReceiverCheck: LineOK}, {LineNo: 2, ReceiverCheck: LineOK}}
	for _, by := range []string{"a", "b", "a"} {
		if err := c.Checked(lines, by, noon); err != nil {
			t.Fatal(err)
		}
	}
	if got := c.Resource(dossier.Dossier{}).Attrs["checkers"]; !slices.Equal(got.([]string), []string{"a", "b"}) {
		t.Errorf("the policy sees %v", got)
	}
}

func TestEveryStateIsLeftOrFinal(t *testing.T) {
	for state := range stateNames {
		left := false
		for _, s := range steps {
			for _, p := range s.by {
				left = left || slices.Contains(p.from, state)
			}
		}
		if state.Open() != left && state != Expired {
			t.Errorf("%s: open %v, but an act leaves it: %v", state, state.Open(), left)
		}
	}
}

func TestLettersAreVerified(t *testing.T) {
	lettered := Case{Direction: Inner, State: Lettered, LetterNo: "万州人才调〔2026〕904号", LetterCode: "7K3M-9QXT", LetterOn: "2026-11-03", ValidUntil: "2026-12-03"}
	for _, c := range []struct {
		name string
		r    Registration
		want string // slug, "" for allowed
		due  string
	}{
		{"函号和验证码相符，当天起算 15 个工作日", Registration{LetterNo: "万州人才调〔2026〕904号", Code: "7k3m 9qxt", ReceivedOn: "2026-11-04"}, "", "2026-11-25"},
		{"函号用半角括号", Registration{LetterNo: "万州人才调[2026]904号", Code: "7K3M9QXT", ReceivedOn: "2026-11-04"}, "", "2026-11-25"},
		{"没有验证码，电话核实过", Registration{LetterNo: "万州人才调〔2026〕904号", Telephone: "023-58000000", Spoke: "彭见山", ReceivedOn: "2026-11-05"}, "", "2026-11-26"},
		{"收函日期晚于当日送达后两个工作日", Registration{LetterNo: "万州人才调〔2026〕904号", Code: "7K3M-9QXT", ReceivedOn: "2026-11-06"}, "20.1/received_on_late", ""},
		{"没有验证码，也没有打电话", Registration{LetterNo: "万州人才调〔2026〕904号", ReceivedOn: "2026-11-04"}, "20.1/letter_unverified", ""},
		{"验证码不对", Registration{LetterNo: "万州人才调〔2026〕904号", Code: "AAAA-BBBB", ReceivedOn: "2026-11-04"}, "20.1/letter_code_mismatch", ""},
		{"函号不对", Registration{LetterNo: "万州人才调〔2026〕905号", Code: "7K3M-9QXT", ReceivedOn: "2026-11-04"}, "20.1/letter_number_mismatch", ""},
		{"没有函", Registration{ReceivedOn: "2026-11-04"}, "20.1/letter_missing", ""},
		{"收函日期在以后", Registration{LetterNo: "万州人才调〔2026〕904号", Code: "7K3M-9QXT", ReceivedOn: "2026-11-24"}, "20.1/received_on_wrong", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			at := lettered
			err := at.Register(c.r, "x", today, calendar.Default())
			if c.want != "" {
				if !slices.Contains(slugs(err), c.want) {
					t.Fatalf("got %v, want %s", err, c.want)
				}
				return
			}
			if err != nil || at.DueOn != c.due {
				t.Fatalf("due %s, want %s; %v", at.DueOn, c.due, err)
			}
		})
	}
	old := lettered
	old.ValidUntil = "2026-11-04"
	if err := old.Register(Registration{LetterNo: old.LetterNo, Code: old.LetterCode, ReceivedOn: "2026-11-05"}, "x", today, calendar.Default()); !slices.Contains(slugs(err), "20.1/letter_expired") {
		t.Errorf("an expired letter: %v", err)
	}
}

func TestWays(t *testing.T) {
	const self = "500108199001011234"
	kin := func(idNo, _ string) bool { return idNo == "kin" }
	post := Dispatch{Way: ConfidentialPost, TrackingNo: "渝机0001", Office: "重庆市机要通信局"}
	mail := Dispatch{Way: RegisteredMail, TrackingNo: "EX 1234 5678 5 CN", Office: "重庆市机要通信局"}
	by := func(ids ...string) Dispatch {
		d := Dispatch{Way: Messenger}
		for _, id := range ids {
			d.Messengers = append(d.Messengers, MessengerID{Name: "某", IDNo: id, Unit: "某区人才中心", Letter: "介1", NotKin: true})
		}
		return d
	}
	for _, c := range []struct {
		name   string
		d      Dispatch
		forced dossier.Forced
		want   string
	}{
		{"机要通信", post, dossier.ForcedYes, ""},
		{"两人专送", by("a", "b"), dossier.ForcedYes, ""},
		{"无上述身份的可以寄给据邮件", mail, dossier.ForcedNo, ""},
		{"曾任事业单位专业技术人员的不能邮寄", mail, dossier.ForcedYes, "20.3b/way_not_allowed"},
		{"没有登记经历的按须机要办理", mail, dossier.ForcedUnknown, "20.3b/way_not_allowed"},
		{"本人自带", by(self), dossier.ForcedNo, "20.3c/messenger_is_person_or_kin"},
		{"亲属专送", by("a", "kin"), dossier.ForcedNo, "20.3c/messenger_is_person_or_kin"},
		{"代办人专送", by("a", "agent"), dossier.ForcedNo, "20.3c/messenger_is_agent"},
		{"同一人登记两次", by("a", "a"), dossier.ForcedNo, "20.3a/messenger_twice"},
		{"没有介绍信", Dispatch{Way: Messenger, Messengers: []MessengerID{{Name: "某", IDNo: "a", Unit: "某单位", NotKin: true}}}, dossier.ForcedNo, "20.3a/messenger_letter"},
		{"没有声明", Dispatch{Way: Messenger, Messengers: []MessengerID{{Name: "某", IDNo: "a", Unit: "某单位", Letter: "介1"}}}, dossier.ForcedNo, "20.3a/messenger_declaration"},
		{"快递", Dispatch{Way: "courier"}, dossier.ForcedNo, "20.3a/way_unknown"},
		{"机要没有编号", Dispatch{Way: ConfidentialPost}, dossier.ForcedNo, "20.3a/tracking_missing"},
		{"机要没有交寄局", Dispatch{Way: ConfidentialPost, TrackingNo: "渝机0001"}, dossier.ForcedNo, "20.3a/office_missing"},
		{"邮件没有收寄网点", Dispatch{Way: RegisteredMail, TrackingNo: "EX123456785CN"}, dossier.ForcedNo, "20.3a/office_missing"},
		{"专送没有人", by(), dossier.ForcedNo, "20.3a/messenger_missing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := CheckWay(c.d, Bound{Forced: c.forced, Why: "事业单位专业技术人员（2009.7—2015.3，见 9-2-2）"}, self, "agent", kin)
			if c.want == "" && err != nil || c.want != "" && !slices.Contains(slugs(err), c.want) {
				t.Fatalf("got %v, want %q", err, c.want)
			}
		})
	}
}

// Test vectors of UPU S10, and of what mistyping makes of them.
func TestNumbersOfMail(t *testing.T) {
	for no, want := range map[string]string{"EX123456785CN": "", "RA473124829CN": "", "ex 123 456 785 cn": "", "RR000000005CN": "", "CP876543219CN": "?", "EX123456789CN": "20.3a/tracking_checksum", "EX132456785CN": "20.3a/tracking_checksum",
		"EX12345678CN": "20.3a/tracking_form", "1134567890123": "", "EX": "20.3a/tracking_form", "邮件一号": "20.3a/tracking_form", "": "20.3a/tracking_missing"} {
		r := checkMail(no)
		got := ""
		if r != nil {
			got = string(r.Rule) + "/" + r.Slug
		}
		if want == "?" { // whatever its digit is, exactly one of ten is right
			right := 0
			for d := range 10 {
				if checkMail(no[:10]+string(rune('0'+d))+no[11:]) == nil {
					right++
				}
			}
			if right != 1 {
				t.Errorf("%s: %d check digits are right", no, right)
			}
			continue
		}
		if got != want {
			t.Errorf("%s: %q, want %q", no, got, want)
		}
	}
	r := checkMail("EX123456789CN")
	if r.Facts["expected"] != "5" || r.Facts["found"] != "9" {
		t.Errorf("the refusal does not say which digit is expected: %+v", r)
	}
	// Every single digit mistyped, and every two neighbors swapped, is found.
	rapid.Check(t, func(t *rapid.T) {
		serial := rapid.StringMatching("[0-9]{8}").Draw(t, "serial")
		no := []byte("EX" + serial + string(CheckDigit(serial)) + "CN")
		if checkMail(string(no)) != nil {
			t.Fatalf("%s is right", no)
		}
		at := rapid.IntRange(2, 9).Draw(t, "at")
		wrong := slices.Clone(no)
		wrong[at] = '0' + (wrong[at]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "by")))%10
		if checkMail(string(wrong)) == nil && CheckDigit(serial) != '0' && CheckDigit(serial) != '5' {
			t.Fatalf("%s for %s was not found", wrong, no)
		}
	})
}

// A fault goes its way: nothing is called lost before the carrier said so or was silent.
func TestFaultsGoTheirWay(t *testing.T) {
	on := func() Case {
		return Case{ID: "c", Direction: Inner, State: InTransit, Holder: "h", Receiver: "r", DispatchedOn: "2026-11-01", RegisteredOn: "2026-10-20", Way: ConfidentialPost, TrackingNo: "渝机1"}
	}
	c := on()
	for kind, want := range map[string]string{FaultLost: "20.3a/loss_without_inquiry", FaultDamaged: "20.4a/damage_at_arrival", "": "20.3a/fault_unknown", FaultTurned: "29.8/turned_away_why", FaultAstray: "20.3a/place_missing"} {
		place := ""
		if kind == FaultTurned {
			place = "某单位"
		}
		if _, err := c.Report(Trouble{Kind: kind, On: today, Place: place}, "x", "h", today, 10, noon); !slices.Contains(slugs(err), want) {
			t.Errorf("%s: %v, want %s", kind, err, want)
		}
	}
	if _, err := c.Report(Trouble{Kind: FaultLate, On: today}, "x", "h", today, 40, noon); !slices.Contains(slugs(err), "20.5/not_late_yet") {
		t.Errorf("late too early: %v", err)
	}
	f, err := c.Report(Trouble{Kind: FaultLate, On: today}, "x", "h", today, 10, noon)
	if err != nil || c.Fault != FaultLate || f.Sender != "h" {
		t.Fatalf("late: %v %+v", err, f)
	}
	if _, err := c.Report(Trouble{Kind: FaultLate, On: today}, "x", "h", today, 10, noon); !slices.Contains(slugs(err), "20.3a/fault_open") {
		t.Errorf("two at once: %v", err)
	}
	if err := c.Lose(&f, "x", today, today); !slices.Contains(slugs(err), "20.3a/loss_without_inquiry") {
		t.Errorf("lost without an inquiry: %v", err)
	}
	if err := f.Inquire("机要通信局", today, today.AddDays(14)); err != nil {
		t.Fatal(err)
	}
	if err := c.Lose(&f, "x", today.AddDays(14), today); !slices.Contains(slugs(err), "20.3a/inquiry_open") {
		t.Errorf("lost within the term: %v", err)
	}
	silent, gone := f, c
	if err := gone.Lose(&silent, "x", today.AddDays(15), today.AddDays(75)); err != nil || gone.State != Missing || gone.Custodian() != Holding {
		t.Errorf("silence after the term: %v %s", err, gone.State)
	}
	if err := f.Answered(CarrierAnswer{Answer: AnswerAstray, On: today, Note: "签收人不符", Place: "某单位"}, today); err != nil || f.Kind != FaultAstray {
		t.Fatalf("the answer: %v", err)
	}
	if err := c.CameBack(&f, Back{On: today}, "x", today, calendar.Default(), 5); !slices.Contains(slugs(err), "20.4a/packet_state_missing") {
		t.Errorf("came back, nobody says how: %v", err)
	}
	if err := c.CameBack(&f, Back{On: today, Intact: true}, "x", today, calendar.Default(), 5); err != nil || c.State != Packed || c.SentFirst != "2026-11-01" || c.Fault != "" || f.ClosedOn == "" {
		t.Errorf("came back: %v %+v", err, c)
	}
}

func TestOnlyFourHindrances(t *testing.T) {
	c := Case{Direction: Inner, State: Pulled}
	err := c.Approve(Hindrances{OpenLoan: true, OpenReading: true, Hold: "法院查封", NoCatalog: true}, "", "x", noon)
	want := []string{"20.2a/open_loan", "20.2a/reading_in_progress", "20.2a/hold_active", "20.2a/catalog_missing"}
	if !slices.Equal(slugs(err), want) {
		t.Errorf("all reasons at once: %v", slugs(err))
	}
	if _, err := c.Decline(Hindrances{}, "x", noon); !slices.Contains(slugs(err), "29.8/refusal_without_rule") {
		t.Errorf("declined without a hindrance: %v", err)
	}
}

// A term over New Year is provisional until next year's holidays are known, and is counted
// again from where it began: from the objection upheld, not from the letter (20.2b, codes.md 1).
func TestTermsOverNewYearAreRecounted(t *testing.T) {
	known, err := calendar.Default().Load(strings.NewReader("date,type,name\n2027-01-01,holiday,元旦\n"))
	if err != nil {
		t.Fatal(err)
	}
	c := Case{Direction: Inner, State: Lettered, LetterNo: "函", LetterCode: "AB", LetterOn: "2026-12-10"}
	if err := c.Register(Registration{LetterNo: "函", Code: "AB", ReceivedOn: "2026-12-10"}, "x", "2026-12-22", calendar.Default()); err != nil || !c.DueTentative && c.DueOn > "2026-12-31" {
		t.Fatalf("%v: due %s, provisional %v", err, c.DueOn, c.DueTentative)
	}
	c.term(calendar.Default(), "2026-12-22", workdays)
	if !c.DueTentative {
		t.Fatal("a term into an unknown year is certain")
	}
	c.Recount(known)
	if want, _ := known.AddWorkdays("2026-12-22", workdays); c.DueOn != want.String() || c.DueTentative {
		t.Errorf("recounted to %s, want %s", c.DueOn, want)
	}
	sent := Case{Direction: Inner, State: InTransit, RegisteredOn: "2026-12-01", DispatchedOn: "2026-12-20", Fault: FaultTurned}
	if err := sent.CameBack(&Fault{FoundOn: "2026-12-28"}, Back{On: "2026-12-29", Intact: true}, "x", "2026-12-29", calendar.Default(), 5); err != nil || !sent.DueTentative {
		t.Fatalf("%v: what came back is due on %s, provisional %v", err, sent.DueOn, sent.DueTentative)
	}
	sent.Recount(known)
	if want, _ := known.AddWorkdays("2026-12-29", 5); sent.DueOn != want.String() {
		t.Errorf("what came back: %s, want %s", sent.DueOn, want)
	}
}

// A packet leaves when it was ready and not before: whatever days are entered, what stands on the
// case is on or after the letter, the review, the seal and its coming back (20.2b).
func TestNoPacketLeavesBeforeItWasReady(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := func(label string, from, to calendar.Date) calendar.Date {
			out := from
			for range rapid.IntRange(0, 40).Draw(t, label) {
				if out < to {
					out = out.AddDays(1)
				}
			}
			return out
		}
		at := func(d calendar.Date) time.Time { return d.Moment().Add(10 * time.Hour) }
		registered := calendar.Date("2026-11-02")
		reviewed := day("reviewed", registered, "2026-12-10")
		packed := day("packed", reviewed, "2026-12-11")
		now := day("now", packed, "2026-12-31")
		c := Case{Direction: rapid.SampledFrom([]string{Inner, Out}).Draw(t, "direction"), State: Packed, RegisteredOn: registered.String(), ReviewedAt: at(reviewed), PackedAt: at(packed)}
		on := day("on", registered.AddDays(-3), now.AddDays(2))
		err := c.Dispatched(Dispatch{Way: ConfidentialPost, TrackingNo: "1", Office: "重庆市机要通信局", On: on.String()}, "", "h1", now, 30)
		if ok := on >= packed && on <= now; ok != (err == nil) {
			t.Fatalf("sealed on %s, entered as sent on %s, on %s: %v", packed, on, now, err)
		}
		if err != nil {
			if c.DispatchedOn != "" {
				t.Fatal("a refused day stands on the case")
			}
			return
		}
		// It comes back, is booked later, and its days count from the day it was there.
		back := day("back", on, now.AddDays(20))
		booked := day("booked", back, now.AddDays(40))
		f := Fault{FoundOn: on.String()}
		if err := c.CameBack(&f, Back{On: back, Intact: true}, "h1", booked, calendar.Default(), 5); err != nil {
			t.Fatal(err)
		}
		if due, _ := calendar.Default().AddWorkdays(back, 5); c.DueOn != due.String() {
			t.Fatalf("back on %s, due %s, want %s", back, c.DueOn, due)
		}
		again := day("again", on, booked)
		if err := c.Dispatched(Dispatch{Way: ConfidentialPost, TrackingNo: "2", Office: "重庆市机要通信局", On: again.String()}, "", "h1", booked, 30); (err == nil) != (again >= back) {
			t.Fatalf("back on %s, entered as sent again on %s: %v", back, again, err)
		}
	})
}

// What a refusal of the day names is what stands in the way last.
func TestWhatADayIsTooEarlyFor(t *testing.T) {
	seal := time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC)
	for _, x := range []struct {
		name, want string
		c          Case
		send       func(c *Case, d Dispatch) error
	}{
		{"sealed after the letter", "装封", Case{Direction: Inner, State: Packed, RegisteredOn: "2026-11-02", ReviewedAt: seal.AddDate(0, 0, -1), PackedAt: seal}, nil},
		{"the letter came later", "收函", Case{Direction: Out, State: Packed, RegisteredOn: "2026-11-20"}, nil},
		{"it came back", "退回到件", Case{Direction: Inner, State: Packed, RegisteredOn: "2026-11-02", PackedAt: seal.AddDate(0, 0, -9), SentFirst: "2026-11-12", TermFrom: "2026-11-20"}, nil},
		{"a return that is not checked yet", "逐份核对", Case{Direction: In, State: Returning, ArrivedOn: "2026-11-10", CheckedAt: seal}, func(c *Case, d Dispatch) error {
			return c.SendBack(Seal{SealNo: "N", Volumes: 1}, d, "", "r1", today, 30)
		}},
		{"sent on before it was found", "发现异常", Case{Direction: Inner, State: InTransit, RegisteredOn: "2026-11-02", DispatchedOn: "2026-11-12"}, func(c *Case, d Dispatch) error {
			return c.Redeliver(&Fault{Kind: FaultAstray, FoundOn: "2026-11-20"}, d, "", "h1", today, 30)
		}},
	} {
		if x.send == nil {
			x.send = func(c *Case, d Dispatch) error { return c.Dispatched(d, "", "h1", today, 30) }
		}
		for on, right := range map[string]bool{"2026-11-19": false, "2026-11-20": true} {
			c := x.c
			err := x.send(&c, Dispatch{Way: ConfidentialPost, TrackingNo: "1", Office: "重庆市机要通信局", On: on})
			if right != (err == nil) {
				t.Errorf("%s, on %s: %v", x.name, on, err)
			}
			if !right && (!slices.Contains(slugs(err), "20.2b/dispatched_on_early") || !strings.Contains(err.Error(), x.want)) {
				t.Errorf("%s: %v names not %s", x.name, err, x.want)
			}
		}
	}
}

// A timer that fails for one case goes on to the others, and says so.
func TestOneBadCaseKeepsNobody(t *testing.T) {
	var done []string
	broken := errors.New("broken")
	err := eachOf(t.Context(), "transfer.chase", []string{"a", "b", "c"}, func(id string) error {
		done = append(done, id)
		if id == "b" {
			return broken
		}
		return nil
	})
	if len(done) != 3 || !errors.Is(err, broken) || !strings.Contains(err.Error(), "transfer.chase of b") {
		t.Errorf("done %v, %v", done, err)
	}
}
