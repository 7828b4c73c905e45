package digital

import (
	"bufio"
	"encoding/hex"
	"errors"
	"io"
	"path"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// sums are the digests a delivery promises, by folder and path (NFC).
type sums map[string]map[string]string

// maxSumsLine bounds a line: a path of 4,096 bytes, escaped.
const maxSumsLine = 16 << 10

// contradicted stands for a path that is listed twice with different digests.
const contradicted = "contradicted"

// readSums reads a list in the format of sha256sum: a digest, a blank, a blank or
// star, the path; a backslash before the digest means that the path is escaped. A
// line that is nothing of that promises nothing: its file is then not listed.
func readSums(r io.Reader) (sums, error) {
	out := sums{}
	in := bufio.NewReaderSize(r, maxSumsLine)
	for {
		line, err := in.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			for errors.Is(err, bufio.ErrBufferFull) {
				_, err = in.ReadSlice('\n')
			}
			line = nil
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		if digest, name, ok := sumsLine(string(line)); ok {
			folder, _, _ := strings.Cut(name, "/")
			if out[folder] == nil {
				out[folder] = map[string]string{}
			}
			if before, twice := out[folder][name]; twice && before != digest {
				digest = contradicted
			}
			out[folder][name] = digest
		}
		if errors.Is(err, io.EOF) {
			return out, nil
		}
	}
}

func sumsLine(line string) (digest, name string, ok bool) {
	line = strings.TrimRight(strings.TrimPrefix(line, "\ufeff"), "\r\n")
	escaped := strings.HasPrefix(line, `\`)
	line = strings.TrimPrefix(line, `\`)
	if len(line) < 67 || line[64] != ' ' || line[65] != ' ' && line[65] != '*' {
		return "", "", false
	}
	digest, name = strings.ToLower(line[:64]), line[66:]
	if _, err := hex.DecodeString(digest); err != nil {
		return "", "", false
	}
	if escaped {
		name = strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\r`, "\r").Replace(name)
	}
	return digest, norm.NFC.String(strings.TrimPrefix(name, "./")), true
}

// leaves says whether a listed path would lead out of the delivery.
func leaves(name string) bool {
	return strings.HasPrefix(name, "/") || strings.Contains(name, `\`) || path.Clean(name) != name || strings.HasPrefix(name, "../")
}
