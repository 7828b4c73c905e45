package fault

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"dangan/internal/sheet"
	"dangan/internal/store"
	"dangan/internal/testkit"
)

// firstScanned is the first person whose dossier is scanned; foldersEach is how
// many folders a round's delivery has, of pagesEach pages.
const (
	firstScanned = 15_500
	foldersEach  = 4
	pagesEach    = 2
)

// leaves are pages drawn once: small files of a page's size.
func leaves() [pagesEach][]byte {
	var out [pagesEach][]byte
	for i := range out {
		img := image.NewGray(image.Rect(0, 0, 2100, 2960))
		draw.Draw(img, img.Bounds(), image.NewUniform(color.Gray{240}), image.Point{}, draw.Src)
		for y := 300; y < 2600; y += 88 {
			draw.Draw(img, image.Rect(256, y, 1800-160*i, y+16), image.Black, image.Point{}, draw.Src)
		}
		var raw bytes.Buffer
		if err := jpeg.Encode(&raw, img, &jpeg.Options{Quality: 40}); err != nil {
			panic(err) // a buffer takes everything
		}
		out[i] = raw.Bytes()
	}
	return out
}

// deliver writes the delivery of a round.
func (k *killed) deliver(round int) string {
	k.t.Helper()
	dir := filepath.Join(k.disk, fmt.Sprintf("交付-%03d", round))
	catalog := workbook(k.t.Fatal, [][]string{{"类号", "序号", "材料名称", "年", "月", "日", "页数", "备注"}, {"9-1", "1", "转正定级表", "2013", "6", "", strconv.Itoa(pagesEach), ""}})
	var sums strings.Builder
	put := func(path string, raw []byte) {
		full := filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
			k.t.Fatal(err)
		}
		if err := os.WriteFile(full, raw, 0o600); err != nil {
			k.t.Fatal(err)
		}
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(raw), path)
	}
	for i := range foldersEach {
		n := firstScanned + round*foldersEach + i
		folder := testkit.IDNo(n) + "_" + testkit.Name(n)
		put(folder+"/目录.xlsx", catalog)
		for p, raw := range k.leaves {
			put(fmt.Sprintf("%s/9-1/001-%03d.jpg", folder, p+1), raw)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "SHA256SUMS"), []byte(sums.String()), 0o600); err != nil {
		k.t.Fatal(err)
	}
	return dir
}

// workbook writes rows as a workbook.
func workbook(fail func(...any), rows [][]string) []byte {
	w, err := sheet.NewWriter("表", nil)
	if err != nil {
		fail(err)
	}
	for _, r := range rows {
		if err := w.Put(r, nil); err != nil {
			fail(err)
		}
	}
	var out bytes.Buffer
	if err := w.Finish(&out); err != nil {
		fail(err)
	}
	return out.Bytes()
}

// register imports the persons whose dossiers are scanned and transferred.
func (k *killed) register(rounds, transfers int) {
	k.t.Helper()
	rows := [][]string{{"档案编号", "姓名", "身份证号", "人员类别", "户籍所在地", "库位"}}
	add := func(n int) {
		rows = append(rows, []string{fmt.Sprintf("K-%06d", n), testkit.Name(n), testkit.IDNo(n), "4.1", "南岸区", fmt.Sprintf("01-A-%03d-1-01", n%1000)})
	}
	for i := range rounds * foldersEach {
		add(firstScanned + i)
	}
	for i := range transfers {
		add(firstCarried + i)
	}
	path := filepath.Join(k.disk, "清册.xlsx")
	if err := os.WriteFile(path, workbook(k.t.Fatal, rows), 0o600); err != nil {
		k.t.Fatal(err)
	}
	k.run(0, "import roster", path, "--agency", "50010801", "--as", "clerk-500108", "--basis", "存量清册（演示）", "--json")
	v := k.vault()
	defer v.Close()
	for i := range transfers {
		var id string
		if err := v.DB.QueryRow(context.Background(), "SELECT id FROM dossier WHERE no=?", fmt.Sprintf("K-%06d", firstCarried+i)).Scan(&id); err != nil {
			k.t.Fatalf("dossier %d: %v", firstCarried+i, err)
		}
		k.dossiers = append(k.dossiers, id)
	}
}

// scanned holds the pages to the deliveries: each once, whole dossiers only.
func (k *killed) scanned(q store.Querier, rounds int) {
	k.t.Helper()
	for what, want := range map[string]int{
		"SELECT count(*) FROM page":                                                                  rounds * foldersEach * pagesEach,
		"SELECT count(*) FROM material WHERE origin='delivery'":                                      rounds * foldersEach,
		"SELECT count(*) FROM delivery_item WHERE state='waiting'":                                   rounds * foldersEach,
		"SELECT count(*) FROM delivery WHERE state='received'":                                       rounds,
		"SELECT count(*) FROM delivery WHERE state<>'received'":                                      0,
		"SELECT count(*) FROM (SELECT 1 FROM page GROUP BY material_id, no HAVING count(*)>1) twice": 0,
	} {
		var n int
		if err := q.QueryRow(context.Background(), what).Scan(&n); err != nil || n != want {
			k.t.Errorf("%s: %d, want %d, %v", what, n, want, err)
		}
	}
}
