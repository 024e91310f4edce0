package rules

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/subsidies"
)

// What a policy may ask for, a claim must be able to hold, or nobody could ever
// claim under it.
func TestClaimsHoldEveryKindOfEvidenceThatAPolicyMayAskFor(t *testing.T) {
	t.Parallel()
	var schema struct {
		Properties struct {
			Evidence struct {
				Items struct {
					Enum []subsidies.EvidenceKind `json:"enum"`
				} `json:"items"`
			} `json:"evidence"`
		} `json:"properties"`
	}
	require.NoError(t, json.Unmarshal(Schema(), &schema))
	require.ElementsMatch(t, subsidies.EvidenceKinds(), schema.Properties.Evidence.Items.Enum)
}
