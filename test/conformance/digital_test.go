package conformance

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dangan/internal/digital"
	"dangan/internal/identity"
	"dangan/internal/sheet"
	"dangan/internal/testkit"
)

// scannedDossier puts a contractor's disk with one dossier of one page into a
// folder; note is the remark of its catalog.
func scannedDossier(t *testing.T, serial int, note string) string {
	t.Helper()
	name, no := scannedPerson(serial)
	folder := no + "_" + name
	dir := filepath.Join(t.TempDir(), "交付")
	img := image.NewRGBA(image.Rect(0, 0, 2100, 2960))
	draw.Draw(img, img.Bounds(), image.NewUniform(color.RGBA{240, 236, 228, 255}), image.Point{}, draw.Src)
	for y := 300; y < 2600; y += 90 {
		draw.Draw(img, image.Rect(250, y, 1850-serial, y+16), image.Black, image.Point{}, draw.Src)
	}
	var page bytes.Buffer
	if err := jpeg.Encode(&page, img, nil); err != nil {
		t.Fatal(err)
	}
	w, err := sheet.NewWriter("目录", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range [][]string{{"类号", "序号", "材料名称", "年", "月", "日", "页数", "备注"}, {"9-1", "1", "转正定级表", "1999", "5", "", "1", note}} {
		if err := w.Put(row, nil); err != nil {
			t.Fatal(err)
		}
	}
	var book bytes.Buffer
	if err := w.Finish(&book); err != nil {
		t.Fatal(err)
	}
	var sums strings.Builder
	for path, content := range map[string][]byte{"目录.xlsx": book.Bytes(), "9-1/001-001.jpg": page.Bytes()} {
		full := filepath.Join(dir, folder, path)
		if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, content, 0o600); err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(content)
		fmt.Fprintf(&sums, "%s  %s/%s\n", hex.EncodeToString(sum[:]), folder, path)
	}
	if err := os.WriteFile(filepath.Join(dir, "SHA256SUMS"), []byte(sums.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// scannedPerson is the person of a serial number of stockList.
func scannedPerson(serial int) (name, no string) {
	body := fmt.Sprintf("5001081980%02d%02d%03d", 1+serial/28%12, 1+serial%28, 100+serial/336)
	return "石溪" + string(rune(0x4e00+serial)), body + string(identity.CheckCharacter(body))
}

// sent uploads a delivery as a browser does, packed as it is read.
func sent(t *testing.T, p *testkit.Province, who string, serial int) *testkit.Answer {
	t.Helper()
	var packed bytes.Buffer
	w := tar.NewWriter(&packed)
	if err := errors.Join(w.AddFS(os.DirFS(scannedDossier(t, serial, ""))), w.Close()); err != nil {
		t.Fatal(err)
	}
	return p.Client(who).Post("/api/v1/delivery-uploads?format=tar&name=x", packed.Bytes(), "Content-Type", "application/octet-stream")
}

// delivered registers a person, takes the scans in and names the delivery.
func delivered(t *testing.T, p *testkit.Province, serial int, note string) string {
	t.Helper()
	id := upload(p, "clerk-500108", stockList(t, serial, 1)).String("id")
	p.RunJobs()
	p.Client("clerk-500108").Post("/api/v1/rosters/"+id+"/start", map[string]string{"basis": "清册"}).OK()
	p.RunJobs()
	r, err := p.Digital.Ingest(context.Background(), p.As("scanner-500108"), digital.Source{Dir: scannedDossier(t, serial, note), Agency: "50010801"})
	if err != nil {
		t.Fatal(err)
	}
	return r.Delivery
}

func TestScans(t *testing.T) {
	deliveries := func(p *testkit.Province, id, what string) *testkit.Answer {
		return p.Client("reviewer-500108").Post("/api/v1/deliveries/"+id+"/"+what, map[string]any{})
	}
	check(t, []Case{
		{Rule: "18a", Name: "合格的影像接收后由审核人员抽样", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return deliveries(p, delivered(t, p, 500, ""), "sample")
		}},
		{Rule: "18a", Name: "没有抽样不能验收", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return deliveries(p, delivered(t, p, 501, ""), "accept")
		}},
		{Rule: "18a", Name: "接收人不能验收", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("scanner-500108").Post("/api/v1/deliveries/"+delivered(t, p, 502, "")+"/sample", map[string]any{})
		}},
		{Rule: "18a", Name: "抽样全部合格后验收通过", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			id := delivered(t, p, 504, "")
			deliveries(p, id, "sample").OK()
			var s struct{ Items []struct{ ID string } }
			p.Client("reviewer-500108").Get("/api/v1/deliveries/" + id + "/sample").JSON(&s)
			var verdicts []map[string]string
			for _, x := range s.Items {
				verdicts = append(verdicts, map[string]string{"id": x.ID, "verdict": "pass"})
			}
			p.Client("reviewer-500108").Post("/api/v1/deliveries/"+id+"/verdicts", map[string]any{"verdicts": verdicts}).OK()
			return deliveries(p, id, "accept")
		}},
		{Rule: "18a", Name: "数字化人员从网页上传交付目录", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return sent(t, p, "scanner-500108", 505)
		}},
		{Rule: "18a", Name: "经办不能接收数字化成果", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return sent(t, p, "clerk-500108", 506)
		}},
		{Rule: "10b", Name: "批次中有本人亲属的档案不能验收", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			id := delivered(t, p, 507, "")
			deliveries(p, id, "sample").OK()
			who, no := scannedPerson(507)
			if _, err := p.Staff.DeclareKin(context.Background(), p.As("reviewer-500108"), "配偶", who, no); err != nil {
				t.Fatal(err)
			}
			return deliveries(p, id, "accept")
		}},
		{Rule: "10b", Name: "批次中没有本人亲属的档案可以抽样", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			id := delivered(t, p, 508, "")
			who, no := scannedPerson(509)
			if _, err := p.Staff.DeclareKin(context.Background(), p.As("reviewer-500108"), "配偶", who, no); err != nil {
				t.Fatal(err)
			}
			return deliveries(p, id, "sample")
		}},
		{Rule: "18c", Name: "验收前的影像窗口看不到", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			id := delivered(t, p, 503, "")
			deliveries(p, id, "sample").OK()
			var s struct{ Items []struct{ PageID string } }
			p.Client("reviewer-500108").Get("/api/v1/deliveries/" + id + "/sample").JSON(&s)
			p.Client("reviewer-500108").Get("/api/v1/pages/" + s.Items[0].PageID + "/image").OK()
			return p.Client("clerk-500108").Get("/api/v1/pages/" + s.Items[0].PageID + "/image")
		}},
	})
}

func TestASecretMarkKeepsEverythingOut(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		id := delivered(t, p, 510, "秘密★5年")
		var n int
		err := p.DB.QueryRow(t.Context(), "SELECT (SELECT count(*) FROM page) + (SELECT count(*) FROM delivery_file) + (SELECT count(*) FROM material WHERE origin='delivery')").Scan(&n)
		if err != nil || n != 0 {
			t.Errorf("rule 15: %d pages, files and titles of a secret kept, %v", n, err)
		}
		if a := p.Client("reviewer-500108").Post("/api/v1/deliveries/"+id+"/sample", map[string]any{}); a.Status != 403 {
			t.Errorf("a delivery with nothing taken in is sampled: %d", a.Status)
		}
	})
}

// No way leads to removing or replacing a page (29.4).
func TestPagesCanNotBeDeleted(t *testing.T) {
	p := testkit.New(t, "sqlite")
	for _, method := range []string{"DELETE", "PUT", "PATCH"} {
		for _, path := range []string{"/api/v1/pages/x", "/api/v1/pages/x/image", "/api/v1/deliveries/x"} {
			if a := p.Client("reviewer-500108").Do(method, path, nil); a.Status != 404 && a.Status != 405 {
				t.Errorf("%s %s: %d", method, path, a.Status)
			}
		}
	}
}
