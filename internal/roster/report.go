package roster

// Item is the fate of one row in the report.
type Item struct {
	Row      int     `json:"row"`
	Outcome  Outcome `json:"outcome"`
	Errors   []Code  `json:"errors"`
	Warnings []Code  `json:"warnings"`
	Dossier  string  `json:"dossier,omitempty"`
}

// Report is what became of a file.
type Report struct {
	File        string `json:"file"`
	Agency      string `json:"agency"`
	Import      string `json:"import,omitempty"` // id of the run; none for a dry run
	Rows        int    `json:"rows"`
	Accepted    int    `json:"accepted"`
	Rejected    int    `json:"rejected"`
	AlreadyHere int    `json:"already_here"`
	Warned      int    `json:"warned"` // of the accepted
	Cancelled   bool   `json:"cancelled,omitempty"`
	Items       []Item `json:"items"`
	Unclear     *Taken `json:"unclear,omitempty"` // of the rejected, when they were asked to be kept
}

// none is the list of a row without findings, shared by all of them.
var none = []Code{}

func codesOf(list []Finding) []Code {
	if len(list) == 0 {
		return none
	}
	out := make([]Code, 0, len(list))
	for _, f := range list {
		if len(out) == 0 || out[len(out)-1] != f.Code {
			out = append(out, f.Code)
		}
	}
	return out
}

// count takes a row into the sums.
func (r *Report) count(j *Judged) {
	r.Rows++
	switch j.Outcome {
	case Rejected:
		r.Rejected++
	case AlreadyHere:
		r.AlreadyHere++
	default:
		r.Accepted++
		if len(j.Warnings) > 0 {
			r.Warned++
		}
	}
}

func (r *Report) add(j *Judged) {
	r.count(j)
	r.Items = append(r.Items, Item{Row: j.Row.Number, Outcome: j.Outcome, Errors: codesOf(j.Errors), Warnings: codesOf(j.Warnings), Dossier: j.Held.Dossier})
}
