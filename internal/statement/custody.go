package statement

import (
	"slices"
	"time"

	"dangan/internal/clock"
	"dangan/internal/custody"
	"dangan/internal/dossier"
)

// custody states custody from the custody record: since when, and whether still.
func (r Record) custody() Proposal {
	p := Proposal{Line: Line{Key: "custody", Kind: "custody", From: r.Dossier.ReceivedOn, Source: "档案接收与出入库登记"}}
	if r.Dossier.AccountKind == "collective" {
		p.Unit = r.Dossier.AccountUnit
	}
	p.Post = map[string]string{"personal": "个人账户", "collective": "集体账户"}[r.Dossier.AccountKind]
	if r.Dossier.ReceivedOn == "" {
		p.Hindrance = hindered("not_in_dossier", "接收登记中没有存档起始日期，不能出具存档证明。", "请先按交接清单、转递通知单等核实并登记接收日期。")
		return p
	}
	if r.Dossier.State != dossier.Left && r.Dossier.State != dossier.InTransit {
		return p
	}
	for _, e := range slices.Backward(r.Chain) {
		if on := e.At.In(clock.Shanghai).Format(time.DateOnly); e.Kind == custody.Dispatched && on >= p.From {
			p.To = on
			return p
		}
	}
	p.Hindrance = hindered("not_in_dossier", "档案已转出，但登记中没有寄送日期，不能证明存档起止。", "请先补齐转出登记，或者请申请人向现存档机构申请。")
	return p
}
