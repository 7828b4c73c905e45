package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestClassifyTellsTheFirstPlaceOfEveryTitle(t *testing.T) {
	var errOut bytes.Buffer
	run := func(text string) (int, []classified) {
		file := filepath.Join(t.TempDir(), "titles.txt")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		errOut.Reset()
		code := Main("test", []string{"classify", file, "--json"}, &out, &errOut)
		var got []classified
		if code == exitDone {
			if err := json.Unmarshal(out.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
		}
		return code, got
	}
	code, got := run("\ufeff《劳动合同书》\r\n\n甲乙丙\n")
	if code != exitDone || len(got) != 2 || got[0].Title != "《劳动合同书》" || got[0].Class != "9-2" || got[1].Class != "" || got[1].Reason == "" {
		t.Fatal(code, got)
	}
	for text, want := range map[string]string{
		"":                       "题名文件中没有题名。",
		"\n \n":                  "题名文件中没有题名。",
		"劳动合同书\n\xc4\xea\n":      "题名文件第 2 行不是 UTF-8 编码的文本。",
		strings.Repeat("表", 121): "题名文件第 1 行有 121 个字，题名最多 120 个字。",
	} {
		if code, _ = run(text); code != exitUsage || !strings.Contains(errOut.String(), want) {
			t.Errorf("%q: %d %s", text, code, errOut.String())
		}
	}
}
