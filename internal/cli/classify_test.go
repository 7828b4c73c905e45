package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

func TestClassifyTellsTheFirstPlaceOfEveryTitle(t *testing.T) {
	run := func(text string) (int, []classified) {
		file := filepath.Join(t.TempDir(), "titles.txt")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		var out, errOut bytes.Buffer
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
	if code, got = run(""); code != exitDone || got == nil {
		t.Fatal("an empty file is an empty list", code, got)
	}
	if code, _ = run("\xc4\xea"); code != exitUsage {
		t.Fatal("not UTF-8", code)
	}
}
