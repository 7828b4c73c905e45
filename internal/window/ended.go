package window

import (
	"context"
	"strings"

	"dangan/internal/document"
	"dangan/internal/store"
)

// An objection or a complaint is an application for no service: it is no part of what follows,
// or it would be asked how content one is with the answer to a complaint.

// ReceiptName is what a receipt's application is called, by the kind of its case.
func ReceiptName(kind string) string {
	for _, s := range receiptSources {
		if s.kind == kind {
			return s.name
		}
	}
	return ""
}

// ReceiptLink is the page of a case that got a receipt.
func ReceiptLink(ref string) string {
	kind, id, _ := strings.Cut(ref, ":")
	for _, s := range receiptSources {
		if s.kind == kind {
			return s.page + id
		}
	}
	return ""
}

// Ended says of each receipt's case that has its end which application it was: one that was
// completed first, or came over the net, is the case it became. A case without is not in it.
func Ended(ctx context.Context, q store.Querier, refs []string) (map[string]string, error) {
	became, err := onward(ctx, q, refs)
	if err != nil {
		return nil, err
	}
	ids := map[string][]string{}
	for _, ref := range refs {
		if became[ref] != "" {
			ref = became[ref]
		}
		if kind, id, ok := strings.Cut(ref, ":"); ok {
			ids[kind] = append(ids[kind], id)
		}
	}
	open := map[string]bool{}
	for _, s := range receiptSources {
		if len(ids[s.kind]) == 0 {
			continue
		}
		list, err := texts(ctx, q, "SELECT ref, agency FROM ("+s.open+" AND "+s.id+" IN ("+store.Marks(len(ids[s.kind]))+")) x", store.Args(ids[s.kind])...)
		if err != nil {
			return nil, err
		}
		for ref := range list {
			open[ref] = true
		}
	}
	out := map[string]string{}
	for _, ref := range refs {
		application := ref
		if became[ref] != "" {
			application = became[ref]
		}
		kind, _, _ := strings.Cut(application, ":")
		if kind != "Matter" && ReceiptName(kind) != "" && !open[application] {
			out[ref] = application
		}
	}
	return out, nil
}

// onward says what records of applications became.
func onward(ctx context.Context, q store.Querier, refs []string) (map[string]string, error) {
	var ids []string
	for _, ref := range refs {
		if id, ok := strings.CutPrefix(ref, "Intake:"); ok {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return texts(ctx, q, "SELECT 'Intake:'||id, case_ref FROM intake WHERE case_ref IS NOT NULL AND id IN ("+store.Marks(len(ids))+")", store.Args(ids)...)
}

// texts reads pairs of texts; the second may be missing.
func texts(ctx context.Context, q store.Querier, query string, args ...any) (map[string]string, error) {
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var key string
		var value *string
		if err := rows.Scan(&key, &value); err != nil {
			return nil, err
		}
		if out[key] = ""; value != nil {
			out[key] = *value
		}
	}
	return out, rows.Err()
}

// Applications is the SELECT of the applications that got a receipt and have an end, one line
// a receipt: ref, agency, handler (who issued it), and the moment of the receipt. Its two
// arguments are the receipts' period.
func Applications() string {
	parts := make([]string, 0, len(receiptSources))
	for _, s := range receiptSources {
		parts = append(parts, "SELECT s.ref FROM ("+s.open+") s")
	}
	return "SELECT coalesce(i.case_ref, r.case_ref) AS ref, r.agency, r.issued_by AS handler, r.issued_at FROM document r LEFT JOIN intake i ON i.id=substr(r.case_ref, 8) AND r.case_ref LIKE 'Intake:%' LEFT JOIN (" +
		strings.Join(parts, " UNION ") + ") o ON o.ref=coalesce(i.case_ref, r.case_ref) WHERE r.kind='" + document.Acceptance + "' AND r.state='" + document.Issued + "' AND r.issued_at>=? AND r.issued_at<? AND r.case_ref NOT LIKE 'Matter:%' AND o.ref IS NULL"
}
