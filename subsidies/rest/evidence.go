package rest

import (
	"context"
	"errors"
	"net/http"
	"time"

	"yunhui/services/api"
	"yunhui/services/files"
	"yunhui/services/kernel"
	"yunhui/subsidies"
)

// EvidenceView is a file of a claim.
type EvidenceView struct {
	FileID    kernel.ID              `json:"file_id"`
	Kind      subsidies.EvidenceKind `json:"kind"`
	Name      string                 `json:"name"`
	MediaType string                 `json:"media_type"`
	Size      int64                  `json:"size"`
	SHA256    string                 `json:"sha256"`
	AddedAt   time.Time              `json:"added_at"`
}

func (r *Room) evidencePages(desk *api.Desk) {
	tags := []string{"claims"}
	api.Raw(desk, api.RawOp{
		Op: api.Op{
			ID: "attach-evidence", Method: http.MethodPost, Path: "/api/v1/claims/{id}/evidence", Tags: tags, Access: api.Only(kernel.RoleEnterprise), Status: http.StatusCreated,
			MaxBody: files.MaxSize + 1<<20, Errors: []kernel.Kind{kernel.KindNotFound, kernel.KindConflict, kernel.KindTooLarge, kernel.KindUnsupported},
			Summary: kernel.T("上传材料（PDF、图片、OFD、XML、Office，最大 20 MB）", "Upload evidence (PDF, picture, OFD, XML, Office; at most 20 MB)"),
		},
		Files: []string{"file"}, Fields: []string{"kind"}, Produces: []string{"application/json"},
	}, r.attach)
	api.Raw(desk, api.RawOp{
		Op: api.Op{
			ID: "download-evidence", Method: http.MethodGet, Path: "/api/v1/claims/{id}/evidence/{file_id}", Tags: tags, Access: api.Only(parties...), Errors: []kernel.Kind{kernel.KindNotFound},
			Summary: kernel.T("下载材料", "Download evidence"),
		},
		Produces: []string{"application/octet-stream"},
	}, r.download)
	api.Route(desk, api.Op{
		ID: "detach-evidence", Method: http.MethodDelete, Path: "/api/v1/claims/{id}/evidence/{file_id}", Tags: tags, Access: api.Only(kernel.RoleEnterprise), Errors: []kernel.Kind{kernel.KindNotFound, kernel.KindConflict},
		Summary: kernel.T("移除材料", "Remove evidence"),
	}, func(ctx context.Context, in *struct {
		ID     kernel.ID `path:"id" maxLength:"36"`
		FileID kernel.ID `path:"file_id" maxLength:"36"`
	}) (*body[ClaimPage], error) {
		if err := r.Claims.Detach(ctx, in.ID, in.FileID); err != nil {
			return nil, err
		}
		return answer(r.claimPage(ctx, in.ID))
	})
}

func (r *Room) attach(x *api.Exchange) (err error) {
	ctx, id := x.Context(), kernel.ID(x.Param("id"))
	if err := r.Claims.Fillable(ctx, x.Call().Actor, id); err != nil {
		return err
	}
	kind, err := x.Field("kind")
	if err != nil {
		return err
	}
	upload, err := x.File("file")
	if err != nil {
		return err
	}
	content, err := upload.Open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, content.Close()) }()
	received, err := files.Receive(ctx, r.Files, upload.Name, content)
	if err != nil {
		return err
	}
	e, err := r.Claims.Attach(ctx, id, received, subsidies.EvidenceKind(kind))
	if err != nil {
		return err
	}
	return x.JSON(view(e, received))
}

func (r *Room) download(x *api.Exchange) error {
	ctx, file := x.Context(), kernel.ID(x.Param("file_id"))
	if err := r.Claims.Holder(ctx, x.Call().Actor, kernel.ID(x.Param("id")), file); err != nil {
		return err
	}
	f, err := files.Find(ctx, r.DB, file)
	if err != nil {
		return err
	}
	content, err := files.Open(ctx, r.Files, f)
	if err != nil {
		return err
	}
	x.SetHeader("Cache-Control", "private, no-store")
	return x.Download(f.Name, f.MediaType, f.Size, content)
}

func (r *Room) evidenceViews(ctx context.Context, rows []subsidies.Evidence) ([]EvidenceView, error) {
	ids := make([]kernel.ID, len(rows))
	for i, e := range rows {
		ids[i] = e.FileID
	}
	found, err := files.FindAll(ctx, r.DB, ids)
	views := make([]EvidenceView, len(rows))
	for i, e := range rows {
		views[i] = view(e, found[e.FileID])
	}
	return views, err
}

func view(e subsidies.Evidence, f files.File) EvidenceView {
	return EvidenceView{FileID: e.FileID, Kind: e.Kind, Name: f.Name, MediaType: f.MediaType, Size: f.Size, SHA256: f.SHA256, AddedAt: e.AddedAt}
}
