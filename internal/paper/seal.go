package paper

// Seal is an agency's drawn seal: a red ring, a five-pointed star, the name from
// left to right along the ring (国发〔1999〕25号, forms.md 19.5).
type Seal struct {
	// Name is the full legal name.
	Name string
	// Line stands under the star, such as 档案业务专用章; empty for the 公章.
	Line string
	// Diameter in millimeters; 0 means 42, more than 45 is refused.
	Diameter float64
}
