package digital

import (
	"context"
	"sync/atomic"
	"time"

	"dangan/internal/store"
)

// progress tells on an upload's row how far it is and hears whether to stop.
type progress struct {
	desk        *Desk
	upload      Upload
	done, total atomic.Int64
}

func (p *progress) set(done, total int) {
	p.done.Store(int64(done))
	p.total.Store(int64(total))
}

const beatEvery = time.Second

// beat writes every second until the work ends; it ends the work when somebody
// cancelled it or another process took it over.
func (p *progress) beat(ctx context.Context, cancel context.CancelCauseFunc) {
	tick := time.NewTicker(beatEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		// A beat that fails is made up for by the next one; the lease bounds how long.
		if p.desk.gate.Touch(ctx, "UPDATE delivery_upload SET beat_at=?, done=?, total=? WHERE id=? AND owner=?", p.desk.gate.Now(), p.done.Load(), p.total.Load(), p.upload.ID, p.upload.Owner) != nil {
			continue
		}
		now, err := store.Get[Upload](ctx, p.desk.gate.DB(), "WHERE id=?", p.upload.ID)
		switch {
		case err != nil:
		case now.Owner != p.upload.Owner:
			cancel(errTaken)
		case now.Cancel:
			cancel(errCancelled)
		}
	}
}
