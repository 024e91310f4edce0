package payments

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"gorm.io/gorm"

	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/record"
)

// maxFaults bounds how many bad rows are named at once.
const maxFaults = 100

// examination holds results against the lines of a batch without changing
// anything. Results pass through it by the thousand: of each it keeps the row
// where its line was named, and, packed, what is to be booked.
type examination struct {
	ctx            context.Context //nolint:containedctx // lives no longer than the call it serves
	db             *gorm.DB
	payer          kernel.ID
	batch          Batch
	ordered, today kernel.Date
	stride         int

	waiting []Result
	rowOf   []int32        // by line number: the row that named it
	others  map[string]int // rows that named a claim not in the batch
	faults  []fault
	packed  []*part
	parcel  []outcome // not packed yet
	fresh   int64
}

// outcome is a result that is to be booked.
type outcome struct {
	Line      int64       `json:"l"`
	Failure   string      `json:"f,omitempty"` // of what failed; never empty then
	PaidOn    kernel.Date `json:"d,omitempty"`
	Reference string      `json:"r,omitempty"`
}

// part is some outcomes of a job, packed.
type part struct {
	JobID    kernel.ID
	Part     int64
	Digest   string
	Document []byte
}

// TableName names the table for the store.
func (part) TableName() string { return "batch_job_parts" }

func (d *Desk) examine(ctx context.Context, id kernel.ID) (*examination, error) {
	b, db, err := d.batch(ctx, id)
	if err != nil {
		return nil, err
	}
	switch b.State {
	case Closed, Exported, Settled:
	default:
		return nil, kernel.Conflict("batch.not_closed", kernel.T("批次尚未封存，没有可导入的结果", "The batch is not closed yet; it has no results"))
	}
	return &examination{
		ctx: ctx, db: db, payer: kernel.CallFrom(ctx).Actor.Person, batch: b, ordered: kernel.DayOf(b.CreatedAt), today: kernel.DayOf(d.DB.Clock().Now()), stride: d.stride(),
		rowOf: make([]int32, b.LineCount+1), others: map[string]int{},
	}, nil
}

// fault is what is wrong in a row.
type fault struct {
	row int
	kernel.Field
}

func (x *examination) fault(r Result, column, code, zh, en string) {
	x.faults = append(x.faults, fault{r.Row, kernel.Field{Path: fmt.Sprintf("rows[%d].%s", r.Row, column), Code: code, Message: kernel.Text{
		ZH: fmt.Sprintf("第 %d 行：", r.Row) + zh, EN: fmt.Sprintf("Row %d: ", r.Row) + en,
	}}})
}

// enough ends the reading when there is more wrong than anybody wants to read.
func (x *examination) enough() error {
	if len(x.faults) < maxFaults {
		return nil
	}
	return x.refusal()
}

func (x *examination) refusal() error {
	slices.SortStableFunc(x.faults, func(a, b fault) int { return a.row - b.row })
	var f kernel.Faults
	for _, one := range x.faults[:min(len(x.faults), maxFaults)] {
		f.Add(one.Path, one.Code, one.Message)
	}
	return f.Err()
}

// add takes a result.
func (x *examination) add(r Result) error {
	if x.waiting = append(x.waiting, r); len(x.waiting) < x.stride {
		return nil
	}
	return x.match()
}

// finish looks at what is left and tells every fault.
func (x *examination) finish() error {
	if err := x.match(); err != nil {
		return err
	}
	x.pack()
	return x.refusal()
}

// match holds the waiting results against their lines.
func (x *examination) match() error {
	if len(x.waiting) == 0 {
		return nil
	}
	numbers := make([]string, len(x.waiting))
	for i, r := range x.waiting {
		numbers[i] = r.ClaimNumber
	}
	lines, err := x.lines(numbers)
	if err != nil {
		return err
	}
	handled, err := x.handled(lines)
	if err != nil {
		return err
	}
	var strangers []Result
	for _, r := range x.waiting {
		if line, ok := lines[r.ClaimNumber]; ok {
			x.one(r, line, handled[line.ClaimID])
		} else {
			strangers = append(strangers, r)
		}
	}
	x.waiting = x.waiting[:0]
	if err := x.strange(strangers); err != nil {
		return err
	}
	return x.enough()
}

// one examines a result of a line of the batch.
func (x *examination) one(r Result, line Numbered, handled bool) {
	if x.rowOf[line.LineNo] != 0 {
		x.fault(r, "claim", "result.repeated", "申请编号重复出现", "this claim is there twice")
		return
	}
	x.rowOf[line.LineNo] = int32(r.Row)
	if r.Amount != line.Amount {
		x.fault(r, "amount", "result.amount", "金额应为 "+line.Amount.Yuan()+" 元", "the amount should be ¥"+line.Amount.Yuan())
	}
	if line.State != Ordered {
		if !r.repeats(line.Line) {
			x.fault(r, "result", "result.contradicts", "与已登记的结果不一致", "contradicts the result that is booked")
		}
		return
	}
	r.check(x)
	if handled {
		refusal := kernel.AsError(subsidies.FourEyes())
		x.fault(r, "claim", refusal.Code, refusal.Message.ZH, refusal.Message.EN)
	}
	o := outcome{Line: line.LineNo, Reference: r.Reference}
	if r.State == Paid {
		o.PaidOn = r.PaidOn
	} else {
		o.Failure = r.Failure
	}
	x.fresh++
	if x.parcel = append(x.parcel, o); len(x.parcel) == x.stride {
		x.pack()
	}
}

// repeats reports whether a result says what is booked for the line already.
func (r Result) repeats(l Line) bool {
	if r.State != l.State {
		return false
	}
	return r.State != Paid || (l.PaidOn != nil && *l.PaidOn == r.PaidOn && l.BankReference == r.Reference)
}

// lines finds the lines of the batch by the numbers of their claims. They are
// looked up by claim, which has few lines, and never by batch, which has many.
func (x *examination) lines(numbers []string) (map[string]Numbered, error) {
	var claims []struct {
		ID     kernel.ID
		Number string
	}
	if err := x.db.Model(&subsidies.Claim{}).Select("id, number").Where("number IN ?", numbers).Scan(&claims).Error; err != nil {
		return nil, err
	}
	ids, numberOf := make([]kernel.ID, len(claims)), make(map[kernel.ID]string, len(claims))
	for i, c := range claims {
		ids[i], numberOf[c.ID] = c.ID, c.Number
	}
	var found []Line
	if err := x.db.Where("claim_id IN ?", ids).Find(&found).Error; err != nil {
		return nil, err
	}
	out := make(map[string]Numbered, len(found))
	for _, l := range found {
		if l.BatchID == x.batch.ID {
			out[numberOf[l.ClaimID]] = Numbered{Line: l, ClaimNumber: numberOf[l.ClaimID]}
		}
	}
	return out, nil
}

// handled tells in which claims of the lines the caller has played another part
// than the payer's (law 5).
func (x *examination) handled(lines map[string]Numbered) (map[kernel.ID]bool, error) {
	ids := make([]kernel.ID, 0, len(lines))
	for _, l := range lines {
		ids = append(ids, l.ClaimID)
	}
	return record.HandedBy(x.ctx, x.db, x.payer, ids, subsidies.PartPayer)
}

// strange names results of claims that are not in the batch.
func (x *examination) strange(all []Result) error {
	if len(all) == 0 {
		return nil
	}
	numbers := make([]string, len(all))
	for i, r := range all {
		numbers[i] = r.ClaimNumber
	}
	var claims []string
	if err := x.db.Model(&subsidies.Claim{}).Where("number IN ? AND state <> ?", numbers, subsidies.ClaimDraft).Pluck("number", &claims).Error; err != nil {
		return err
	}
	known := map[string]bool{}
	for _, n := range claims {
		known[n] = true
	}
	for _, r := range all {
		switch {
		case x.others[r.ClaimNumber] != 0:
			x.fault(r, "claim", "result.repeated", "申请编号重复出现", "this claim is there twice")
		case known[r.ClaimNumber]:
			x.fault(r, "claim", "claim.other_batch", "该申请不在本批次", "this claim is not in the batch")
		default:
			x.fault(r, "claim", "claim.unknown", "没有这个申请编号", "there is no claim of this number")
		}
		x.others[r.ClaimNumber] = r.Row
	}
	return nil
}

// pack puts the outcomes that have gathered into a part.
func (x *examination) pack() {
	if len(x.parcel) == 0 {
		return
	}
	p := pack(len(x.packed), x.parcel)
	x.packed = append(x.packed, &p)
	x.parcel = x.parcel[:0]
}

// pack puts outcomes into the n-th part of a job.
func pack(n int, outcomes []outcome) part {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_ = json.NewEncoder(w).Encode(outcomes) //nolint:errchkjson // neither a buffer nor these types can fail
	_ = w.Close()
	return part{Part: int64(n), Digest: digest(packed.Bytes()), Document: packed.Bytes()}
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// unpack is the way back; it refuses a part that was tampered with.
func (p part) unpack() (out []outcome, err error) {
	if digest(p.Document) != p.Digest {
		return nil, fmt.Errorf("part %d of job %s is not what was examined", p.Part, p.JobID)
	}
	r, err := gzip.NewReader(bytes.NewReader(p.Document))
	if err != nil {
		return nil, fmt.Errorf("part %d of job %s: %w", p.Part, p.JobID, err)
	}
	if err := json.NewDecoder(io.LimitReader(r, 64<<20)).Decode(&out); err != nil {
		return nil, fmt.Errorf("part %d of job %s: %w", p.Part, p.JobID, err)
	}
	return out, nil
}
