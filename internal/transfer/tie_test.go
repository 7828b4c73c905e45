package transfer

import (
	"testing"

	"dangan/internal/agency"
)

// A place is served by the agencies of the authority that its own was merged into, whatever
// the table of divisions says, and by none that is not there yet (7b).
func TestTiedFollowsAuthorities(t *testing.T) {
	tree := agency.NewTree([]agency.Agency{
		{ID: "500000", Kind: agency.Province, Region: "500000", State: agency.Active},
		{ID: "500101", Kind: agency.Bureau, Region: "500101", Parent: "500000", State: agency.Merged, Successor: "500103"},
		{ID: "50010101", Kind: agency.Office, Region: "500101", Parent: "500103", State: agency.Closed},
		{ID: "500103", Kind: agency.Bureau, Region: "500103", Parent: "500000", State: agency.Active},
		{ID: "50010301", Kind: agency.Office, Region: "500103", Parent: "500103", State: agency.Active},
		{ID: "50010302", Kind: agency.Office, Region: "500103", Parent: "500103", State: agency.Pending},
		{ID: "50010801", Kind: agency.Office, Region: "500108", Parent: "500108", State: agency.Active},
	})
	if got := Tied(tree, "500101"); len(got) != 1 || got[0].ID != "50010301" {
		t.Errorf("serves the merged district: %v", got)
	}
	if got := Tied(tree, "500103"); len(got) != 1 || got[0].ID != "50010301" {
		t.Errorf("serves its own district: %v", got)
	}
}
