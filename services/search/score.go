package search

import "math"

// BM25 in whole numbers. What a posting tells of its document (the saturated
// frequency over fields, weighed and set against the length) is computed when
// the segment is built and kept in eight bits; how telling the term is at all
// is computed when a query is planned.
const (
	saturation  = 1.2  // k1
	lengthShare = 0.75 // b
	impactScale = 255 / (saturation + 1)
	idfScale    = 64
)

// stats are the figures of the whole that scores rest on. They are taken when
// the base is built and stay until the next, and they are rounded to half an
// octave: documents that do not match then hardly ever change the score of those
// that do, and a reader who turns pages meets every hit once.
type stats struct {
	documents float64
	length    float64 // of a document, on average
}

func takeStats(documents int, length uint64) stats {
	s := stats{documents: coarse(float64(documents)), length: 1}
	if documents > 0 {
		s.length = max(coarse(float64(length)/float64(documents)), 1)
	}
	return s
}

// coarse rounds to the nearest half octave.
func coarse(x float64) float64 {
	if x <= 0 {
		return 0
	}
	return math.Exp2(math.Round(2*math.Log2(x)) / 2)
}

// impact is between 1 and 255.
func (s stats) impact(frequency uint32, length uint32) uint32 {
	tf := float64(frequency)
	norm := saturation * (1 - lengthShare + lengthShare*float64(length)/s.length)
	return max(1, uint32(math.Round(impactScale*tf*(saturation+1)/(tf+norm))))
}

// idf of a term that stands in so many documents.
func (s stats) idf(documents int) uint32 {
	df := coarse(float64(documents))
	return max(1, uint32(math.Round(idfScale*math.Log(1+(max(s.documents-df, 0)+0.5)/(df+0.5)))))
}
