package paper

import (
	"errors"
	"sort"
	"time"
)

const (
	pt    = 72.0 / 25.4
	size5 = 10.5
)

type (
	layout     struct{}
	box        struct{}
	heading    struct{ level int; text string }
	textBlock  struct{ text string; indent int; align Align; size float64 }
	space      float64
	pageBreak  struct{}
	fieldTable struct{ columns int; fields []Field }
	listTable  struct{ Table }
	part       struct{ Part }
	perforation struct{}
	closing    struct{ Closing }
	signatures []string
	qrBlock    struct{ text string; side float64; caption string }
)

func (heading) boxes(*layout) ([]box, error)     { return nil, nil }
func (textBlock) boxes(*layout) ([]box, error)   { return nil, nil }
func (space) boxes(*layout) ([]box, error)       { return nil, nil }
func (pageBreak) boxes(*layout) ([]box, error)   { return nil, nil }
func (fieldTable) boxes(*layout) ([]box, error)  { return nil, nil }
func (listTable) boxes(*layout) ([]box, error)   { return nil, nil }
func (part) boxes(*layout) ([]box, error)        { return nil, nil }
func (perforation) boxes(*layout) ([]box, error) { return nil, nil }
func (closing) boxes(*layout) ([]box, error)     { return nil, nil }
func (signatures) boxes(*layout) ([]box, error)  { return nil, nil }
func (qrBlock) boxes(*layout) ([]box, error)     { return nil, nil }

func (d *Document) Bytes() ([]byte, error) { return nil, errors.New("paper: layout comes with the next commit") }
func textString(s string) string { return s }
func pdfDate(t time.Time) string { return t.String() }
func sortedKeys(m map[int]int) []int {
	keys := []int{}
	for k := range m { keys = append(keys, k) }
	sort.Ints(keys)
	return keys
}
