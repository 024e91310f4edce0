package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"yunhui/services/api"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/drafts"
	"yunhui/subsidies/rules"
)

// maxDraftBody is a document of the largest size with what is sent around it.
const maxDraftBody = rules.MaxDocument + 64<<10

// NewDraft begins a draft.
type NewDraft struct {
	Code           string          `json:"code,omitempty" maxLength:"64"`
	BasedOnVersion int             `json:"based_on_version,omitempty" minimum:"0" maximum:"1000000" doc:"以该政策的这一已发布版本为底稿 · copy this published version of the code as its successor"`
	Document       json.RawMessage `json:"document,omitempty" doc:"任何 JSON 对象，可未完成 · any JSON object, finished or not"`
}

// SavedDraft is what an editor saves.
type SavedDraft struct {
	Rev      int64           `json:"rev" minimum:"1"`
	Document json.RawMessage `json:"document" doc:"任何 JSON 对象，可未完成 · any JSON object, finished or not"`
}

// CheckedDocument is a document to be examined.
type CheckedDocument struct {
	Document       json.RawMessage `json:"document"`
	AgainstVersion int             `json:"against_version,omitempty" minimum:"0" maximum:"1000000" doc:"与该版本比较；缺省为最新发布版本 · compare with this version; the newest published one when left out"`
}

// ActOnDraft is the body of an act on a draft.
type ActOnDraft struct {
	Rev    int64  `json:"rev" minimum:"1"`
	Reason string `json:"reason,omitempty" maxLength:"2000"`
}

// DraftBrief is a draft in a list.
type DraftBrief struct {
	ID          kernel.ID                  `json:"id"`
	Code        string                     `json:"code"`
	Version     int64                      `json:"version"`
	Title       kernel.Text                `json:"title"`
	State       subsidies.PolicyDraftState `json:"state"`
	Rev         int64                      `json:"rev" doc:"保存时须带回 · to be sent back with every change"`
	Faults      int64                      `json:"faults" doc:"需要修改之处 · entries to mend"`
	Reason      string                     `json:"reason" doc:"退回原因 · why it was returned"`
	AuthorName  string                     `json:"author_name"`
	Editors     []string                   `json:"editors" doc:"编写过的人，均不能发布 · who has edited it; none of them may publish it"`
	CreatedAt   time.Time                  `json:"created_at"`
	UpdatedAt   time.Time                  `json:"updated_at"`
	PublishedAt *time.Time                 `json:"published_at,omitempty"`
}

// DraftView is a draft with its document and all that can be said of it. The
// count of faults in lists is told here one by one, in check.
type DraftView struct {
	DraftBrief
	Document json.RawMessage `json:"document"`
	Check    DocumentCheck   `json:"check"`
	Can      DraftActs       `json:"can"`
}

// DraftActs says what the caller may do now.
type DraftActs struct {
	Edit     bool `json:"edit"`
	Submit   bool `json:"submit"`
	Return   bool `json:"return"`
	Publish  bool `json:"publish"`
	Withdraw bool `json:"withdraw"`
}

// DocumentCheck is what can be said of a document before it is published.
type DocumentCheck struct {
	Faults   []DocumentFault   `json:"faults" doc:"须修改，否则不能提交 · to be mended before submission"`
	Warnings []DocumentWarning `json:"warnings" doc:"请留意，不妨碍发布 · worth a look; they do not block"`
	Cases    []CaseOutcome     `json:"cases" doc:"测试用例的结果；有错误的文档不运行 · outcome of the test cases; not run while there are faults"`
	Changes  []DocumentChange  `json:"changes" doc:"与已发布版本的差异 · differences from the published version"`
}

// DocumentFault is one entry to mend, by JSON path.
type DocumentFault struct {
	Path    string `json:"path"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// DocumentWarning is one entry worth a look.
type DocumentWarning struct {
	Path    string `json:"path"`
	Clause  string `json:"clause"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// CaseOutcome is what came of one test case.
type CaseOutcome struct {
	Index       int               `json:"index"`
	Passed      bool              `json:"passed"`
	Expected    rules.Expectation `json:"expected"`
	Got         rules.CaseResult  `json:"got"`
	Differences []string          `json:"differences"`
}

// DocumentChange is one difference between two documents.
type DocumentChange struct {
	Path   string          `json:"path"`
	Clause string          `json:"clause"`
	Kind   string          `json:"kind" enum:"added,removed,changed"`
	Before json.RawMessage `json:"before,omitempty"`
	After  json.RawMessage `json:"after,omitempty"`
	Text   string          `json:"text"`
}

type draftList struct {
	api.Page
	State subsidies.PolicyDraftState `query:"state" enum:"draft,submitted,returned,published,withdrawn"`
}

type draftAct struct {
	ID   kernel.ID `path:"id" maxLength:"36"`
	Body ActOnDraft
}

func (r *Room) draftPages(desk *api.Desk) {
	tags := []string{"policy-drafts"}
	writers, readers := api.Only(kernel.RoleCityOfficer), api.Only(kernel.RoleCityOfficer, kernel.RoleAuditor)
	conflicts := []kernel.Kind{kernel.KindNotFound, kernel.KindConflict, kernel.KindTooLarge}
	api.Route(desk, api.Op{
		ID: "list-policy-drafts", Method: http.MethodGet, Path: "/api/v1/policy-drafts", Tags: tags, Access: readers,
		Summary: kernel.T("政策草案，最新的在前", "Policy drafts, the newest first"),
	}, func(ctx context.Context, in *draftList) (*body[api.List[DraftBrief]], error) {
		return answer(r.listDrafts(ctx, in))
	})
	api.Route(desk, api.Op{
		ID: "create-policy-draft", Method: http.MethodPost, Path: "/api/v1/policy-drafts", Tags: tags, Access: writers, Status: http.StatusCreated, MaxBody: maxDraftBody, Errors: conflicts,
		Summary: kernel.T("新建政策草案：空白、以已发布版本为底稿，或带入文档", "Begin a draft: empty, from a published version, or from a document"),
	}, func(ctx context.Context, in *struct{ Body NewDraft }) (*body[DraftView], error) {
		id, err := r.Drafts.Create(ctx, drafts.New{Code: in.Body.Code, BasedOn: in.Body.BasedOnVersion, Document: in.Body.Document})
		if err != nil {
			return nil, within("document", err)
		}
		return answer(r.draft(ctx, id))
	})
	api.Route(desk, api.Op{
		ID: "get-policy-draft", Method: http.MethodGet, Path: "/api/v1/policy-drafts/{id}", Tags: tags, Access: readers, Errors: []kernel.Kind{kernel.KindNotFound},
		Summary: kernel.T("一份草案：文档、检查结果、测试用例、与现行版本的差异", "A draft: document, faults, test cases, differences from the version in force"),
	}, func(ctx context.Context, in *idPath) (*body[DraftView], error) {
		return answer(r.draft(ctx, in.ID))
	})
	api.Route(desk, api.Op{
		ID: "save-policy-draft", Method: http.MethodPut, Path: "/api/v1/policy-drafts/{id}", Tags: tags, Access: writers, MaxBody: maxDraftBody, Errors: conflicts,
		Summary: kernel.T("保存草案，未完成的也保存", "Save a draft, finished or not"),
	}, func(ctx context.Context, in *struct {
		ID   kernel.ID `path:"id" maxLength:"36"`
		Body SavedDraft
	}) (*body[DraftView], error) {
		if err := r.Drafts.Save(ctx, in.ID, in.Body.Rev, in.Body.Document); err != nil {
			return nil, within("document", err)
		}
		return answer(r.draft(ctx, in.ID))
	})
	api.Route(desk, api.Op{
		ID: "check-policy-document", Method: http.MethodPost, Path: "/api/v1/policy-drafts/check", Tags: tags, Access: readers, MaxBody: maxDraftBody, Unmetered: true, Errors: []kernel.Kind{kernel.KindNotFound, kernel.KindTooLarge},
		Summary: kernel.T("检查一份文档，不保存", "Examine a document without keeping it"),
	}, func(ctx context.Context, in *struct{ Body CheckedDocument }) (*body[DocumentCheck], error) {
		c, err := r.Drafts.Check(ctx, in.Body.Document, in.Body.AgainstVersion)
		return answer(checkIn(language(ctx), c), within("document", err))
	})
	r.draftActs(desk)
	r.draftFiles(desk)
	api.Route(desk, api.Op{
		ID: "get-policy-vocabulary", Method: http.MethodGet, Path: "/api/v1/policies/vocabulary", Tags: []string{"policies"}, Access: api.Public,
		Summary: kernel.T("资格条件可用的事实", "The facts that conditions of eligibility may use"),
	}, func(context.Context, *struct{}) (*body[[]rules.Word], error) {
		return &body[[]rules.Word]{Body: rules.Vocabulary()}, nil
	})
}

func (r *Room) draftActs(desk *api.Desk) {
	tags, writers := []string{"policy-drafts"}, api.Only(kernel.RoleCityOfficer)
	conflicts := []kernel.Kind{kernel.KindNotFound, kernel.KindConflict}
	act := func(verb string, summary kernel.Text, do func(context.Context, kernel.ID, ActOnDraft) error) {
		api.Route(desk, api.Op{
			ID: verb + "-policy-draft", Method: http.MethodPost, Path: "/api/v1/policy-drafts/{id}/" + verb, Tags: tags, Access: writers, Errors: conflicts, Summary: summary,
		}, func(ctx context.Context, in *draftAct) (*body[DraftView], error) {
			if err := do(ctx, in.ID, in.Body); err != nil {
				return nil, err
			}
			return answer(r.draft(ctx, in.ID))
		})
	}
	act("submit", kernel.T("提交草案，交由另一位市级经办发布", "Submit a draft for another officer to publish"), func(ctx context.Context, id kernel.ID, in ActOnDraft) error {
		return r.Drafts.Submit(ctx, id, in.Rev)
	})
	act("return", kernel.T("退回草案并说明原因", "Return a draft with a reason"), func(ctx context.Context, id kernel.ID, in ActOnDraft) error {
		return r.Drafts.Return(ctx, id, in.Rev, in.Reason)
	})
	act("publish", kernel.T("发布草案；编写过的人不能发布", "Publish a draft; whoever edited it may not"), func(ctx context.Context, id kernel.ID, in ActOnDraft) error {
		return r.Drafts.Publish(ctx, id, in.Rev)
	})
	act("withdraw", kernel.T("作废草案", "Give a draft up"), func(ctx context.Context, id kernel.ID, in ActOnDraft) error {
		return r.Drafts.Withdraw(ctx, id, in.Rev)
	})
}

func (r *Room) draftFiles(desk *api.Desk) {
	tags := []string{"policy-drafts"}
	path := "/api/v1/policy-drafts/{id}/yaml"
	api.Raw(desk, api.RawOp{
		Op: api.Op{
			ID: "export-policy-draft", Method: http.MethodGet, Path: path, Tags: tags, Access: api.Only(kernel.RoleCityOfficer, kernel.RoleAuditor), Errors: []kernel.Kind{kernel.KindNotFound},
			Summary: kernel.T("导出草案为 YAML", "Take a draft out as YAML"),
		},
		Produces: []string{"text/yaml"},
	}, func(x *api.Exchange) error {
		s, err := r.Drafts.Get(x.Context(), x.Call().Actor, kernel.ID(x.Param("id")))
		if err != nil {
			return err
		}
		text, err := rules.YAML([]byte(s.Document))
		if err != nil {
			return err
		}
		name := "policy"
		if s.Code != "" {
			name = s.Code
		}
		x.SetHeader("Cache-Control", "private, no-store")
		return x.Download(fmt.Sprintf("%s-%d.yaml", name, s.Version), "text/yaml; charset=utf-8", int64(len(text)), bytes.NewReader(text))
	})
	api.Raw(desk, api.RawOp{
		Op: api.Op{
			ID: "import-policy-draft", Method: http.MethodPut, Path: path, Tags: tags, Access: api.Only(kernel.RoleCityOfficer), MaxBody: maxDraftBody,
			Errors:  []kernel.Kind{kernel.KindNotFound, kernel.KindConflict, kernel.KindTooLarge},
			Summary: kernel.T("以 YAML 替换草案内容；读不懂时指出行列，不作任何更改", "Replace a draft's document by YAML; what cannot be read is told by line and column and changes nothing"),
		},
		Query: []string{"rev"}, Answer: DraftView{},
	}, func(x *api.Exchange) error {
		rev, err := strconv.ParseInt(x.Query("rev"), 10, 64)
		if err != nil || rev < 1 {
			var f kernel.Faults
			f.Add("rev", "field.required", kernel.T("请给出所依据的修订号", "Give the revision this is based on"))
			return f.Err()
		}
		id := kernel.ID(x.Param("id"))
		if err := r.Drafts.Import(x.Context(), id, rev, x.Body()); err != nil {
			return err
		}
		view, err := r.draft(x.Context(), id)
		if err != nil {
			return err
		}
		return x.JSON(view)
	})
}

func (r *Room) listDrafts(ctx context.Context, in *draftList) (api.List[DraftBrief], error) {
	return pageOf(in.Page, func(after kernel.ID, limit int) ([]drafts.Seen, error) {
		return r.Drafts.List(ctx, actor(ctx), in.State, after, limit)
	}, func(s drafts.Seen) kernel.ID { return s.ID }, draftBrief)
}

// pageOf answers with a page of a list that is ordered by ID.
func pageOf[R, V any](in api.Page, fetch func(after kernel.ID, limit int) ([]R, error), id func(R) kernel.ID, show func(R) V) (out api.List[V], err error) {
	at, _, err := api.PositionOf[after](in)
	if err != nil {
		return out, err
	}
	rows, err := fetch(at.ID, in.PageSize+1)
	if err != nil {
		return out, err
	}
	if len(rows) > in.PageSize {
		rows = rows[:in.PageSize]
		if out.NextCursor, err = api.CursorAt(after{id(rows[len(rows)-1])}); err != nil {
			return out, err
		}
	}
	for _, r := range rows {
		out.Items = append(out.Items, show(r))
	}
	return out, nil
}

func (r *Room) draft(ctx context.Context, id kernel.ID) (DraftView, error) {
	s, err := r.Drafts.Get(ctx, actor(ctx), id)
	if err != nil {
		return DraftView{}, err
	}
	check, err := r.Drafts.CheckDraft(ctx, s)
	may := s.May(actor(ctx))
	return DraftView{
		DraftBrief: draftBrief(s), Document: json.RawMessage(s.Document), Check: checkIn(language(ctx), check),
		Can: DraftActs{
			Edit: may[subsidies.PolicyEdit], Submit: may[subsidies.PolicySubmit], Return: may[subsidies.PolicyReturn],
			Publish: may[subsidies.PolicyPublish], Withdraw: may[subsidies.PolicyWithdraw],
		},
	}, err
}

func draftBrief(s drafts.Seen) DraftBrief {
	b := DraftBrief{
		ID: s.ID, Code: s.Code, Version: s.Version, Title: kernel.Text{ZH: s.TitleZH, EN: s.TitleEN}, State: s.State, Rev: s.Rev, Faults: s.Faults,
		Reason: s.Reason, Editors: []string{}, CreatedAt: s.CreatedAt, UpdatedAt: s.UpdatedAt, PublishedAt: s.PublishedAt,
	}
	for _, e := range s.Editors {
		b.Editors = append(b.Editors, e.Name)
		if e.PersonID == s.AuthorID {
			b.AuthorName = e.Name
		}
	}
	return b
}

func language(ctx context.Context) string { return kernel.CallFrom(ctx).Language }

func checkIn(lang string, c drafts.Check) DocumentCheck {
	out := DocumentCheck{Faults: []DocumentFault{}, Warnings: []DocumentWarning{}, Cases: []CaseOutcome{}, Changes: changesIn(lang, c.Changes)}
	for _, f := range c.Faults {
		out.Faults = append(out.Faults, DocumentFault{Path: f.Path, Code: f.Code, Message: f.Message.In(lang)})
	}
	for _, w := range c.Warnings {
		out.Warnings = append(out.Warnings, DocumentWarning{Path: w.Path, Clause: w.Clause, Code: w.Code, Message: w.Message.In(lang)})
	}
	for _, x := range c.Cases {
		one := CaseOutcome{Index: x.Index, Passed: x.Passed, Expected: x.Expected, Got: x.Got, Differences: []string{}}
		for _, d := range x.Differences {
			one.Differences = append(one.Differences, d.In(lang))
		}
		out.Cases = append(out.Cases, one)
	}
	return out
}

func changesIn(lang string, changes []rules.Change) []DocumentChange {
	out := make([]DocumentChange, len(changes))
	for i, x := range changes {
		out[i] = DocumentChange{Path: x.Path, Clause: x.Clause, Kind: x.Kind, Before: x.Before, After: x.After, Text: x.Text.In(lang)}
	}
	return out
}

// within says that the faults of an input lie below one of its fields.
func within(field string, err error) error {
	e := kernel.AsError(err)
	if e == nil || len(e.Fields) == 0 {
		return err
	}
	out := kernel.Fail(e.Kind, e.Code, e.Message)
	for _, f := range e.Fields {
		f.Path = field + "." + f.Path
		out.Fields = append(out.Fields, f)
	}
	return out
}
