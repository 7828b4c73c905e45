package transfer

import (
	"context"
	"strings"
	"time"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/register"
	"dangan/internal/store"
)

// Despite is one application that was taken in although its tie leads elsewhere (7b): the
// regulation permits and does not exclude, so it is let happen, and shown to those above.
type Despite struct {
	ID         string    `db:"id"`
	Version    int64     `db:"version"`
	TransferID string    `db:"transfer_id"`
	Agency     string    `db:"agency"` // that took it in
	Tie        string    `db:"tie"`    // as it was recorded: 户籍地（渝中区）
	Reason     string    `db:"reason"`
	Tied       string    `db:"tied,null"` // whose tie it is: names
	TakenBy    string    `db:"taken_by"`
	TakenAt    time.Time `db:"taken_at"`
}

// Table names the table.
func (Despite) Table() string { return "transfer_despite" }

func init() {
	store.Describe(Despite{})
	store.Register("transfer_despite", store.Audited, "无联系而受理：存档依据不在本机构服务区域，仍在本机构受理的理由和经办人")
}

// despite puts down that a case is taken in without a tie, and why.
func despite(tx *gate.Tx, own agency.Agency, c Case, tied []string) error {
	tx.Note("tie_despite", true)
	return tx.Insert(Despite{ID: gate.NewID(), Version: 1, TransferID: c.ID, Agency: own.ID, Tie: c.Tie(), Reason: c.TieDespite, Tied: strings.Join(tied, "、"), TakenBy: tx.Actor().ID, TakenAt: tx.Now()})
}

// overseers read what was taken in without a tie: within their own scope.
var overseers = []string{"head", "supervisor"}

func (k *Desk) despiteRegister() register.Register {
	return register.Of(register.Register{Key: "tie-despite", No: 37, Name: "无联系而受理", Rule: "7b", Date: "受理日期",
		Heads: []string{"存档依据", "有联系的机构", "受理理由"}, Widths: []float64{22, 40, 40}, Posts: overseers, Table: Despite{}.Table(),
		Note: "存档依据不在本机构服务区域、写明理由仍受理的，一件一条；后来转交的保留。"},
		register.Source[Despite]{DB: func() store.Querier { return k.gate.DB() }, At: "transfer_despite.taken_at", Place: func(d Despite) (string, string) { return register.Micro(d.TakenAt), d.ID },
			Scope: func(actor policy.Actor) (string, []any) {
				where, args := register.OfAgency("transfer_despite.agency", "", overseers...)(actor)
				more, with := scope(actor)
				return where + " AND transfer_despite.transfer_id IN (SELECT transfer.id FROM transfer WHERE " + more + ")", append(args, with...)
			},
			Rows: func(ctx context.Context, list []Despite) ([]register.Row, error) {
				ids := make([]string, len(list))
				for i, d := range list {
					ids[i] = d.TransferID
				}
				cases, err := store.List[Case](ctx, k.gate.DB(), "WHERE id IN ("+store.Marks(len(ids))+")", store.Args(ids)...)
				if err != nil {
					return nil, err
				}
				of := map[string]Case{}
				for _, c := range cases {
					of[c.ID] = c
				}
				rows := make([]register.Row, len(list))
				for i, d := range list {
					c := of[d.TransferID]
					rows[i] = register.Row{On: calendar.Of(d.TakenAt).String(), Agency: d.Agency, Handler: d.TakenBy, DossierID: c.DossierID, Person: c.PersonName, CaseNo: c.No, State: c.State.Name(), Tone: c.State.Tone(), Link: "/transfers/" + c.ID,
						Own: []string{d.Tie, d.Tied, d.Reason}}
				}
				return rows, nil
			}})
}
