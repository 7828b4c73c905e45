package demo

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"dangan/internal/digital"
	"dangan/internal/founding"
	"dangan/internal/paper"
	"dangan/internal/policy"
	"dangan/internal/sheet"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// A4 at 300 dots an inch.
const pageW, pageH = 2480, 3508

// leaf is a page being drawn: brightness and color apart, as JPEG keeps them.
type leaf struct {
	img   *image.YCbCr
	light *image.Gray // the brightness of img
}

func newLeaf() *leaf {
	l := &leaf{img: image.NewYCbCr(image.Rect(0, 0, pageW, pageH), image.YCbCrSubsampleRatio420)}
	for i := range l.img.Y {
		l.img.Y[i] = 246
	}
	for i := range l.img.Cb {
		l.img.Cb[i], l.img.Cr[i] = 125, 130 // paper, a little warm
	}
	l.light = &image.Gray{Pix: l.img.Y, Stride: l.img.YStride, Rect: l.img.Rect}
	return l
}

// ink is how dark printed lines are.
const ink = 60

func (l *leaf) rule(x0, y0, x1, y1 int) {
	for y := max(y0, 0); y < min(y1, pageH); y++ {
		row := l.img.Y[y*l.img.YStride:]
		for x := max(x0, 0); x < min(x1, pageW); x++ {
			row[x] = ink
		}
	}
}

func (l *leaf) box(x0, y0, x1, y1 int) {
	l.rule(x0, y0, x1, y0+3)
	l.rule(x0, y1, x1, y1+3)
	l.rule(x0, y0, x0+3, y1)
	l.rule(x1, y0, x1+3, y1+3)
}

// seal stamps a red ring with a star.
func (l *leaf) seal(cx, cy int) {
	const (
		radius = 235
		tip    = 98.0 // of the star, and how far its notches are from the middle
		notch  = tip * 0.382
	)
	for y := cy - radius; y <= cy+radius; y++ {
		for x := cx - radius; x <= cx+radius; x++ {
			dx, dy := float64(x-cx), float64(y-cy)
			d := math.Hypot(dx, dy)
			// the star's edge between its points, by angle
			a := math.Mod(math.Atan2(dx, -dy)+2*math.Pi, 2*math.Pi/5)
			a = min(a, 2*math.Pi/5-a)
			star := tip * notch * math.Sin(math.Pi/5) / (notch*math.Sin(math.Pi/5-a) + tip*math.Sin(a))
			if (d > radius-13 && d <= radius || d < star) && x >= 0 && y >= 0 && x < pageW && y < pageH {
				l.img.Y[y*l.img.YStride+x] = min(l.img.Y[y*l.img.YStride+x], 112)
				c := l.img.COffset(x, y)
				l.img.Cb[c], l.img.Cr[c] = 108, 205
			}
		}
	}
}

// pen writes with one face at several sizes.
type pen struct {
	faces map[int]font.Face
	font  *opentype.Font
}

func newPen() (*pen, error) {
	raw, err := paper.TextFont()
	if err != nil {
		return nil, err
	}
	f, err := opentype.Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("font of drawn pages: %w", err)
	}
	return &pen{faces: map[int]font.Face{}, font: f}, nil
}

// write puts text at a base line; shake moves each character a little, as a hand does.
func (p *pen) write(l *leaf, r *rand.Rand, x, y, size int, text string, shake int) error {
	face := p.faces[size]
	if face == nil {
		var err error
		if face, err = opentype.NewFace(p.font, &opentype.FaceOptions{Size: float64(size), DPI: 72, Hinting: font.HintingNone}); err != nil {
			return err
		}
		p.faces[size] = face
	}
	ink := image.Black
	d := font.Drawer{Dst: l.light, Src: ink, Face: face, Dot: fixed.P(x, y)}
	for _, c := range text {
		if shake > 0 {
			d.Dot.Y = fixed.I(y + r.IntN(2*shake+1) - shake)
			d.Dot.X += fixed.I(r.IntN(shake + 1))
		}
		d.DrawString(string(c))
	}
	return nil
}

// form is one kind of drawn page: a title and rows of printed labels with what a hand filled in.
type form struct {
	class, title string
	year         int
	rows         [][]string // label, value, label, value …
	text         []string
}

func formsOf(p made) []form {
	born := fmt.Sprintf("%d年%d月", p.Birth.Year(), int(p.Birth.Time().Month()))
	school := fmt.Sprintf("%d年6月", min(p.Birth.Year()+22, p.Received.Year()))
	return []form{
		{"1", "流动人员登记表", p.Received.Year(), [][]string{{"姓名", p.Name, "性别", p.Sex}, {"出生日期", born, "民族", p.Ethnic}, {"政治面貌", p.Political, "学历", p.Education}, {"户籍所在地", p.Household}, {"工作单位", p.Employer}, {"原存档单位", p.From}},
			[]string{"本人简历：", "自小学、中学起在本地就读，" + school + "毕业。", "毕业后参加工作，按规定将人事档案转入本机构保管。", "以上所填属实。"}},
		{"4-1", "普通高等学校毕业生登记表", min(p.Birth.Year()+22, p.Received.Year()), [][]string{{"姓名", p.Name, "出生日期", born}, {"学历", p.Education, "毕业时间", school}, {"政治面貌", p.Political, "民族", p.Ethnic}},
			[]string{"自我鉴定：", "在校期间学习认真，尊敬师长，团结同学，", "完成教学计划规定的全部课程，成绩合格，准予毕业。", "学校意见：同意毕业。"}},
	}
}

// draw draws a form as it would come from the scanner.
func (p *pen) draw(r *rand.Rand, f form) ([]byte, error) {
	l := newLeaf()
	var errs []error
	put := func(x, y, size int, text string, shake int) {
		errs = append(errs, p.write(l, r, x, y, size, text, shake))
	}
	put(pageW/2-len([]rune(f.title))*45, 420, 90, f.title, 0)
	put(1760, 520, 44, "（演示样张）", 0)
	y := 600
	for _, row := range f.rows {
		width := 2040 / len(row) * 2
		for i := 0; i+1 < len(row); i += 2 {
			x := 220 + i/2*width
			l.box(x, y, x+300, y+170)
			l.box(x+300, y, x+width, y+170)
			put(x+20, y+105, 46, row[i], 0)
			put(x+340, y+112, 60, row[i+1], 5)
		}
		y += 170
	}
	l.box(220, y, 2260, 2960)
	for i, line := range f.text {
		put(290, y+140+i*130, 58, line, map[bool]int{true: 0, false: 5}[i == 0])
	}
	put(1300, 2760, 52, "（公章）", 0)
	put(1560, 2870, 52, fmt.Sprintf("%d年%d月%d日", f.year, 1+r.IntN(6), 1+r.IntN(28)), 4)
	l.seal(1720, 2720)
	put(pageW/2-20, 3330, 44, "1", 0)
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, l.img, &jpeg.Options{Quality: 82}); err != nil {
		return nil, err
	}
	// Go writes no density; scanners do: a JFIF header after the start of the image.
	header := []byte{0xff, 0xd8, 0xff, 0xe0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 1, 0x01, 0x2c, 0x01, 0x2c, 0, 0}
	return append(header, out.Bytes()[2:]...), nil
}

// scans are deliveries of drawn pages: the first accepted by the reviewer, the second
// waiting, the folder of the third to be corrected by the contractor.
func (b *builder) scans() error {
	n := min(40, max(8, b.o.People/50))
	if b.o.People < 200 {
		return nil // too few to lend some to every case
	}
	o, err := b.open("500108")
	if err != nil {
		return err
	}
	first := o.part()
	n = min(n, len(o.persons)-first-travelling)
	if n < 2 {
		return nil
	}
	scanner, err := b.as("scanner", o.division)
	if err != nil {
		return err
	}
	ink, err := newPen()
	if err != nil {
		return err
	}
	b.plan("数字化", func() error {
		r := b.rand("scans")
		for k, part := range [][]made{o.persons[first : first+n*3/4], o.persons[first+n*3/4 : first+n]} {
			b.at(25-20*k, 9, 0)
			report, err := b.deliver(o, scanner, ink, r, fmt.Sprintf("数字化成果 第%d批", k+1), part, "")
			if err != nil {
				return err
			}
			if report.Ingested != len(part) {
				return fmt.Errorf("%d of %d folders taken in: %+v", report.Ingested, len(part), report.Items)
			}
			if k > 0 {
				continue
			}
			b.at(22, 10, 0)
			if err := b.accept(o, report.Delivery); err != nil {
				return err
			}
		}
		// What was changed after its sums were written waits for the contractor.
		b.at(3, 14, 0)
		part := o.persons[first-1 : first]
		report, err := b.deliver(o, scanner, ink, r, "数字化成果 第3批", part, part[0].IDNo+"_"+part[0].Name)
		if err == nil && report.Quarantined != 1 {
			err = fmt.Errorf("one spoilt folder: %+v", report)
		}
		return err
	})
	return nil
}

// deliver has a contractor deliver drawn pages of some persons and the scanner take them
// in. Of the spoilt folder one page was overwritten by another.
func (b *builder) deliver(o *office, scanner policy.Actor, ink *pen, r *rand.Rand, name string, part []made, spoilt string) (report digital.Report, err error) {
	temp, err := os.MkdirTemp("", "dangan-demo-")
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	dir := filepath.Join(temp, name) // it stands on the screen
	if err := os.Mkdir(dir, 0o700); err != nil {
		return report, err
	}
	if err := ink.deliver(r, dir, part); err != nil {
		return report, err
	}
	if spoilt != "" {
		page, err := os.ReadFile(filepath.Join(dir, spoilt, "4-1", "001-001.jpg"))
		if err != nil {
			return report, err
		}
		if err := os.WriteFile(filepath.Join(dir, spoilt, "1", "001-001.jpg"), page, 0o600); err != nil {
			return report, err
		}
	}
	return b.in.Digital.Ingest(b.ctx, scanner, digital.Source{Dir: dir, Agency: founding.AgencyOf(o.division)})
}

// accept has the reviewer look at the sample and open the delivery for use.
func (b *builder) accept(o *office, id string) error {
	if _, err := b.in.Digital.DrawSample(b.ctx, o.reviewer, id); err != nil {
		return err
	}
	drawn, err := b.in.Digital.Sample(b.ctx, id, "", 1000)
	if err != nil {
		return err
	}
	var opinions []digital.Opinion
	for _, s := range drawn {
		opinions = append(opinions, digital.Opinion{Sample: s.ID, Verdict: digital.Pass})
	}
	if err := b.in.Digital.Judge(b.ctx, o.reviewer, id, opinions); err != nil {
		return err
	}
	_, err = b.in.Digital.Accept(b.ctx, o.reviewer, id)
	return err
}

// deliver writes a delivery as contractors do: folders with a catalog and pages, and the sums.
func (p *pen) deliver(r *rand.Rand, dir string, list []made) error {
	sums, err := os.Create(filepath.Join(dir, "SHA256SUMS"))
	if err != nil {
		return err
	}
	out := bufio.NewWriter(sums)
	put := func(path string, content []byte) error {
		fmt.Fprintf(out, "%x  %s\n", sha256.Sum256(content), filepath.ToSlash(path))
		full := filepath.Join(dir, path)
		return errors.Join(os.MkdirAll(filepath.Dir(full), 0o700), os.WriteFile(full, content, 0o600))
	}
	for _, who := range list {
		folder := who.IDNo + "_" + who.Name
		rows := [][]string{strings.Fields("类号 序号 材料名称 年 月 日 页数 备注")}
		for _, f := range formsOf(who) {
			page, err := p.draw(r, f)
			if err != nil {
				return err
			}
			if err := put(filepath.Join(folder, f.class, "001-001.jpg"), page); err != nil {
				return err
			}
			rows = append(rows, []string{f.class, "1", f.title, strconv.Itoa(f.year), "", "", "1", ""})
		}
		book, err := table("目录", rows)
		if err != nil {
			return err
		}
		if err := put(filepath.Join(folder, "目录.xlsx"), book); err != nil {
			return err
		}
	}
	return errors.Join(out.Flush(), sums.Close())
}

// table writes a workbook of one sheet.
func table(name string, rows [][]string) ([]byte, error) {
	w, err := sheet.NewWriter(name, nil)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if err := w.Put(r, nil); err != nil {
			return nil, errors.Join(err, w.Discard())
		}
	}
	var out bytes.Buffer
	err = w.Finish(&out)
	return out.Bytes(), err
}
