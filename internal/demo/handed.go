package demo

import (
	"fmt"

	"dangan/internal/calendar"
	"dangan/internal/found"
	"dangan/internal/transfer"
)

// handed are packets that people brought along (6b), one at every step.
func (b *builder) handed() error {
	o, err := b.open("500108")
	if err != nil || len(o.persons) < smallest {
		return err
	}
	for i, until := range []found.State{found.Registered, found.Sealed, found.Asked, found.Asked, found.Verified, found.Received} {
		b.plan(fmt.Sprintf("个人手中档案 %d", i+1), func() error { return b.handOver(o, i, until) })
	}
	return nil
}

// handOver drives one packet as far as it is to stand. The fourth is overdue.
func (b *builder) handOver(o *office, i int, until found.State) error {
	k, r, ago := b.in.Found, b.rand(fmt.Sprintf("handed %d", i)), 20-2*i
	if i == 3 {
		ago = 45
	}
	b.at(ago, 9, 30+i)
	male := r.IntN(2) == 0
	who := name(r, male)
	id := idNumber(r, o.division, day(r, "1975-01-01", "1998-12-31"), male)
	p, err := k.Register(b.ctx, o.clerk, found.Arrival{PersonName: who, IDNo: id, Bringer: who, BringerPaper: "居民身份证", Relation: "本人", Came: found.Ways[0], Seal: found.Seals[i%2], Seen: []string{"", "封条一角破损，未见拆动"}[i%2],
		Volumes: 1, Keeper: "演示机械厂劳资科"})
	if err != nil || until == found.Registered {
		return err
	}
	b.at(ago, 10, 5+i)
	if p, err = k.Seal(b.ctx, o.reviewer, p.ID, fmt.Sprintf("演示封%03d", i+1), fmt.Sprintf("待核实柜-%02d", i+1)); err != nil || until == found.Sealed {
		return err
	}
	b.at(ago-1, 9, 5+i)
	if p, err = k.Ask(b.ctx, o.clerk, p.ID, "keeper", "演示机械厂（演示）"); err != nil || until == found.Asked {
		return err
	}
	b.at(ago-4, 9, 5+i)
	if p, err = k.Answer(b.ctx, o.clerk, p.ID, found.Answer{Result: found.Genuine, No: fmt.Sprintf("演机劳〔2026〕%d号", i+1), On: calendar.Of(b.in.Clock.Now()).String(), Note: "属实，1998年至2003年由我厂保管，解除合同时误交本人"}); err != nil || until == found.Verified {
		return err
	}
	_, err = k.Receive(b.ctx, o.clerk, p.ID, transfer.Application{Document: "居民身份证", RegionBasis: "户籍地", TiePlace: o.division, Category: "4.6", Subtype: "flexible", Evidence: "灵活就业登记（演示）", Political: "13"})
	return err
}
