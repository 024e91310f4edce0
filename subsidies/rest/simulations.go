package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"time"

	"yunhui/services/api"
	"yunhui/services/kernel"
	"yunhui/subsidies/simulation"
)

// SimulationQuestion asks what a document would cost.
type SimulationQuestion struct {
	DraftID        kernel.ID           `json:"draft_id,omitempty" maxLength:"36" doc:"草案、文档、已发布版本三者之一 · exactly one of draft, document and version"`
	Document       json.RawMessage     `json:"document,omitempty"`
	Version        int                 `json:"version,omitempty" minimum:"0" maximum:"1000000"`
	AgainstVersion int                 `json:"against_version,omitempty" minimum:"0" maximum:"1000000" doc:"缺省为今日现行版本 · the version in force today when left out"`
	Claims         *SimulatedSpan      `json:"claims,omitempty" doc:"重放已提交的申请；尚无版本的政策以全市申请代替 · past claims; for a new policy those of the whole city"`
	Synthetic      *SimulatedClaims    `json:"synthetic,omitempty" doc:"模拟申请；同一种子得同样的申请 · made-up claims; the same seed gives the same"`
	Sensitivity    *SimulatedVariation `json:"sensitivity,omitempty" doc:"改变文档中的一个数字，看总额如何变化 · vary one figure of the document"`
}

// SimulatedSpan bounds past claims by their day of submission.
type SimulatedSpan struct {
	From kernel.Date `json:"from,omitempty" format:"date"`
	To   kernel.Date `json:"to,omitempty" format:"date"`
}

// SimulatedClaims asks for made-up claims.
type SimulatedClaims struct {
	Count int   `json:"count" minimum:"1" maximum:"200000"`
	Seed  int64 `json:"seed,omitempty" minimum:"0" maximum:"9007199254740991"`
}

// SimulatedVariation asks for several values of one figure.
type SimulatedVariation struct {
	Path   string  `json:"path" minLength:"1" maxLength:"200" doc:"JSON 路径，如 rates[1].rate_bp · JSON path"`
	Values []int64 `json:"values" minItems:"1" maxItems:"9"`
}

// StartedSimulation names a run.
type StartedSimulation struct {
	ID kernel.ID `json:"id"`
}

// SimulationBrief is a run in a list.
type SimulationBrief struct {
	ID         kernel.ID        `json:"id"`
	Code       string           `json:"code"`
	Title      kernel.Text      `json:"title"`
	State      simulation.State `json:"state" enum:"running,done,cancelled,failed"`
	Failure    string           `json:"failure,omitempty" enum:"simulation.lost,simulation.interrupted,simulation.failed"`
	Done       int64            `json:"done"`
	Total      int64            `json:"total" doc:"0 为尚未清点 · 0 while not yet counted"`
	AuthorName string           `json:"author_name"`
	StartedAt  time.Time        `json:"started_at"`
}

// SimulationView is a run with its result, once there is one.
type SimulationView struct {
	SimulationBrief
	Result *SimulationResult `json:"result,omitempty"`
}

// SimulationResult is what came of a run, in the caller's language.
type SimulationResult struct {
	simulation.Result
	Reasons   []SimulationReason `json:"reasons"`
	ElapsedMS int64              `json:"elapsed_ms"`
}

// SimulationReason is a condition that claims did not meet.
type SimulationReason struct {
	Clause string `json:"clause"`
	Text   string `json:"text"`
	Count  int64  `json:"count"`
}

type simulationList struct {
	api.Page
	Code string `query:"code" maxLength:"64"`
}

func (r *Room) simulations(desk *api.Desk) {
	tags := []string{"simulations"}
	askers, readers := api.Only(kernel.RoleCityOfficer), api.Only(kernel.RoleCityOfficer, kernel.RoleAuditor)
	api.Route(desk, api.Op{
		ID: "simulate-policy", Method: http.MethodPost, Path: "/api/v1/policies/{code}/simulate", Tags: tags, Access: askers, Status: http.StatusAccepted, MaxBody: maxDraftBody,
		Errors:  []kernel.Kind{kernel.KindNotFound, kernel.KindTooLarge, kernel.KindThrottled},
		Summary: kernel.T("测算一份草案的费用与受益者，在后台进行", "Simulate what a draft would cost and whom it favours, in the background"),
	}, func(ctx context.Context, in *struct {
		Code string `path:"code" maxLength:"64"`
		Body SimulationQuestion
	}) (*body[StartedSimulation], error) {
		id, err := r.Simulations.Start(ctx, actor(ctx), in.Code, question(in.Body))
		return answer(StartedSimulation{ID: id}, err)
	})
	api.Route(desk, api.Op{
		ID: "list-simulations", Method: http.MethodGet, Path: "/api/v1/simulations", Tags: tags, Access: readers,
		Summary: kernel.T("测算，最新的在前", "Simulations, the newest first"),
	}, func(ctx context.Context, in *simulationList) (*body[api.List[SimulationBrief]], error) {
		return answer(r.listSimulations(ctx, in))
	})
	api.Route(desk, api.Op{
		ID: "get-simulation", Method: http.MethodGet, Path: "/api/v1/simulations/{id}", Tags: tags, Access: readers, Errors: []kernel.Kind{kernel.KindNotFound},
		Summary: kernel.T("一次测算的进度与结果", "Progress and result of a simulation"),
	}, func(ctx context.Context, in *idPath) (*body[SimulationView], error) {
		return answer(r.simulation(ctx, in.ID))
	})
	api.Route(desk, api.Op{
		ID: "cancel-simulation", Method: http.MethodPost, Path: "/api/v1/simulations/{id}/cancel", Tags: tags, Access: askers, Errors: []kernel.Kind{kernel.KindNotFound},
		Summary: kernel.T("取消进行中的测算", "Cancel a simulation that is under way"),
	}, func(ctx context.Context, in *idPath) (*body[SimulationView], error) {
		if err := r.Simulations.Cancel(ctx, actor(ctx), in.ID); err != nil {
			return nil, err
		}
		return answer(r.simulation(ctx, in.ID))
	})
	api.Raw(desk, api.RawOp{
		Op: api.Op{
			ID: "export-simulation", Method: http.MethodGet, Path: "/api/v1/simulations/{id}/export", Tags: tags, Access: readers, Errors: []kernel.Kind{kernel.KindNotFound, kernel.KindConflict},
			Summary: kernel.T("导出测算结果（format=xlsx）", "Take a result out (format=xlsx)"),
		},
		Query: []string{"format"}, Produces: []string{mediaXLSX},
	}, r.exportSimulation)
}

const mediaXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

func (r *Room) exportSimulation(x *api.Exchange) error {
	if format := x.Query("format"); format != "" && format != "xlsx" {
		var f kernel.Faults
		f.Add("format", "field.choice", kernel.T("只能导出为 xlsx", "Only xlsx is offered"))
		return f.Err()
	}
	run, err := r.Simulations.Get(x.Context(), x.Call().Actor, kernel.ID(x.Param("id")))
	if err != nil {
		return err
	}
	result, err := run.Answer()
	if err != nil {
		return err
	}
	if result == nil {
		return kernel.Conflict("simulation.not_done", kernel.T("测算尚无结果", "The simulation has no result"))
	}
	var b bytes.Buffer
	if err := simulation.WriteXLSX(&b, x.Call().Language, *result); err != nil {
		return err
	}
	x.SetHeader("Cache-Control", "private, no-store")
	return x.Download("simulation-"+run.PolicyCode+".xlsx", mediaXLSX, int64(b.Len()), &b)
}

func question(in SimulationQuestion) simulation.Question {
	q := simulation.Question{Draft: in.DraftID, Document: in.Document, Version: in.Version, Against: in.AgainstVersion}
	if in.Claims != nil {
		q.Claims = &simulation.Span{From: in.Claims.From, To: in.Claims.To}
	}
	if in.Synthetic != nil {
		q.Synthetic = &simulation.Made{Count: in.Synthetic.Count, Seed: in.Synthetic.Seed}
	}
	if in.Sensitivity != nil {
		q.Vary = &simulation.Varying{Path: in.Sensitivity.Path, Values: in.Sensitivity.Values}
	}
	return q
}

func (r *Room) listSimulations(ctx context.Context, in *simulationList) (api.List[SimulationBrief], error) {
	return pageOf(in.Page, func(after kernel.ID, limit int) ([]simulation.Run, error) {
		return r.Simulations.List(ctx, actor(ctx), in.Code, after, limit)
	}, func(run simulation.Run) kernel.ID { return run.ID }, simulationBrief)
}

func (r *Room) simulation(ctx context.Context, id kernel.ID) (SimulationView, error) {
	run, err := r.Simulations.Get(ctx, actor(ctx), id)
	if err != nil {
		return SimulationView{}, err
	}
	view := SimulationView{SimulationBrief: simulationBrief(run)}
	result, err := run.Answer()
	if err != nil || result == nil {
		return view, err
	}
	view.Result = &SimulationResult{Result: *result, Reasons: []SimulationReason{}, ElapsedMS: run.ElapsedMS}
	for _, why := range result.Reasons {
		view.Result.Reasons = append(view.Result.Reasons, SimulationReason{Clause: why.Clause, Text: why.Text.In(language(ctx)), Count: why.Count})
	}
	return view, nil
}

func simulationBrief(run simulation.Run) SimulationBrief {
	b := SimulationBrief{
		ID: run.ID, Code: run.PolicyCode, Title: kernel.Text{ZH: run.TitleZH, EN: run.TitleEN}, State: run.State, Failure: run.Failure,
		Done: run.Done, Total: run.Total, AuthorName: run.AuthorName, StartedAt: run.CreatedAt,
	}
	if b.State == simulation.Queued {
		b.State = simulation.Running // nobody outside need know that no worker has it yet
	}
	return b
}
