package paper

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// margins draws what stands outside the type area: page number, running head of
// lists, and the foot with the fixed sentences and the verification code.
func (l *layout) margins(c *canvas, page, pages int) error {
	put := func(fam family, text string, size, baseline float64, align Align) error {
		glyphs, err := measure(fam, text)
		if err != nil {
			return err
		}
		c.text(l.left+l.offset(align, width(glyphs, size)), baseline, size, 0, glyphs)
		return nil
	}
	if l.opts.Form && pages > 1 {
		if l.opts.Number != "" && page > 1 {
			if err := put(song, l.opts.Number, size5small, l.top-8, AlignStart); err != nil {
				return err
			}
		}
		if err := put(song, fmt.Sprintf("共%d张　第%d张", pages, page), size5small, l.top-8, AlignEnd); err != nil {
			return err
		}
	}
	bottom := l.top + l.height
	if !l.opts.Form || pages > 1 {
		// GB/T 9704 7.5: 4号 with a dash on each side, odd pages right, even left,
		// one character free.
		text, align := fmt.Sprintf("— %d —", page), AlignEnd
		if page%2 == 0 {
			align = AlignStart
		}
		glyphs, err := measure(song, text)
		if err != nil {
			return err
		}
		x := l.left + size4
		if align == AlignEnd {
			x = l.left + l.width - size4 - width(glyphs, size4)
		}
		below := 7 * pt
		if l.opts.Form {
			below = 5 * pt
		}
		c.text(x, bottom+below, size4, 0, glyphs)
	}
	return l.foot(c, put)
}

// foot is the band at the lower edge. The free statement is the only mention of
// money a paper ever has (forms.md 19.7).
func (l *layout) foot(c *canvas, put func(family, string, float64, float64, Align) error) error {
	lines := []string{"本服务不收取任何费用"}
	switch hotline, oversight := l.opts.Hotline, l.opts.Oversight; {
	case oversight != "" && hotline != "" && oversight != hotline:
		lines[0] += "　　咨询电话：" + hotline + "　　监督电话：" + oversight
	case hotline != "" || oversight != "":
		lines[0] += "　　咨询（监督）电话：" + cmp.Or(hotline, oversight)
	}
	const (
		step = size5small * 1.4
		side = 15 * pt
	)
	code, url := "", ""
	if l.opts.VerifyCode != "" {
		code = "验证码：" + l.opts.VerifyCode
	}
	if l.opts.VerifyURL != "" {
		// Number and code are typed in by hand; only the QR code needs them in the address.
		page, _, _ := strings.Cut(l.opts.VerifyURL, "?")
		url = "验证网址：" + page
	}
	both, err := measure(song, code+"　　"+url)
	if err != nil {
		return err
	}
	switch {
	case code != "" && url != "" && width(both, size5small) < l.width-side-10:
		lines = append(lines, code+"　　"+url)
	default:
		lines = append(lines, code, url)
	}
	lines = append(lines, l.opts.Notice)
	lines = slices.DeleteFunc(lines, func(s string) bool { return s == "" })
	high := step * float64(len(lines))
	if l.opts.VerifyURL != "" {
		high = max(high, side)
	}
	top := c.height - 7*pt - high
	c.line(l.left, top-5, l.left+l.width, top-5, rule/2)
	y := top
	for _, text := range lines {
		if err := put(song, text, size5small, y+baseline(size5small, step), AlignStart); err != nil {
			return err
		}
		y += step
	}
	if l.opts.VerifyURL == "" {
		return nil
	}
	return c.qr(l.opts.VerifyURL, l.left+l.width-side, top, side)
}
