package paper

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
)

// Metadata is the small part of a paper that programs read. It is covered by
// the signature; unsigned it is only a claim.
type Metadata struct {
	// Number is the paper's number, Kind its mark or name, Code the verification code.
	Number string `json:"number,omitempty"`
	Kind   string `json:"kind,omitempty"`
	Code   string `json:"code,omitempty"`
	// Agency is the issuer's code, IssuedOn a date 2006-01-02.
	Agency   string `json:"agency,omitempty"`
	IssuedOn string `json:"issuedOn,omitempty"`
	// Extra is the issuing room's own; keep it free of contents of a dossier.
	Extra map[string]string `json:"extra,omitempty"`
}

// ErrNoMetadata means the file is not a paper of this program.
var ErrNoMetadata = errors.New("paper: no metadata in this file")

// metadataKey is the catalog's entry; PDF names of one's own carry a prefix.
const metadataKey = "DNGN_Info"

// ReadMetadata reads the metadata of a paper, signed or not.
func ReadMetadata(pdf []byte) (Metadata, error) {
	file, err := openFile(pdf)
	if err != nil {
		return Metadata{}, fmt.Errorf("%w: %w", ErrNoMetadata, err)
	}
	text, ok := file.catalogHex(metadataKey)
	if !ok {
		return Metadata{}, ErrNoMetadata
	}
	raw, err := hex.DecodeString(text)
	if err != nil {
		return Metadata{}, fmt.Errorf("%w: %w", ErrNoMetadata, err)
	}
	var metadata Metadata
	if err := json.Unmarshal(raw, &metadata); err != nil {
		return Metadata{}, fmt.Errorf("%w: %w", ErrNoMetadata, err)
	}
	return metadata, nil
}
