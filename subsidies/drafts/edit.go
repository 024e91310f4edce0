package drafts

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"yunhui/services/audit"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/gazette"
	"yunhui/subsidies/record"
	"yunhui/subsidies/rules"
)

// New asks for a draft: a copy of a published version as its successor, a
// document somebody has, or nothing yet.
type New struct {
	Code     string
	BasedOn  int             // a published version of Code
	Document json.RawMessage // or a document
}

// Create begins a draft; its author is the first of its editors.
func (d *Desk) Create(ctx context.Context, in New) (kernel.ID, error) {
	document, err := d.beginning(ctx, in)
	if err != nil {
		return "", err
	}
	return database.Do(ctx, d.DB, "policy_draft.create", func(tx *database.Tx) (kernel.ID, error) {
		who := tx.Call.Actor
		if err := who.Require(kernel.RoleCityOfficer); err != nil {
			return "", err
		}
		a := aboutOf(document)
		draft := Draft{
			ID: kernel.NewID(tx.Now), Code: a.Code, Version: a.Version, TitleZH: a.Title.ZH, TitleEN: a.Title.EN, Document: string(document),
			Faults: countFaults(document), State: subsidies.PolicyDraftMachine.Initial, Rev: 1, AuthorID: who.Person, CreatedAt: tx.Now, UpdatedAt: tx.Now,
		}
		if err := tx.Create(&draft).Error; err != nil {
			return "", err
		}
		if err := edited(tx, draft.ID); err != nil {
			return "", err
		}
		if err := record.Add(tx, record.Draft, draft.ID, "create", "", string(draft.State), record.Reason{}); err != nil {
			return "", err
		}
		return draft.ID, audit.Record(tx, audit.Entry{Action: "policy_draft.create", ObjectKind: "policy_draft", ObjectID: string(draft.ID), Detail: map[string]any{"rev": 1, "digest": digest(document)}})
	})
}

func (d *Desk) beginning(ctx context.Context, in New) ([]byte, error) {
	switch {
	case len(in.Document) > 0 && !bytes.Equal(bytes.TrimSpace(in.Document), []byte("null")):
		return rules.Canonical(in.Document)
	case in.BasedOn > 0:
		return d.successor(ctx, in.Code, in.BasedOn)
	case in.Code != "":
		b, err := json.Marshal(map[string]string{"code": in.Code})
		if err != nil {
			return nil, fmt.Errorf("first words of a draft: %w", err)
		}
		return rules.Canonical(b)
	default:
		return []byte("{}"), nil
	}
}

// successor is a copy of a published version as the next one, which must yet say
// from when.
func (d *Desk) successor(ctx context.Context, code string, version int) ([]byte, error) {
	p, err := d.Policies.Version(ctx, code, version)
	if err != nil {
		return nil, err
	}
	next, err := gazette.NextOf(d.DB.Read(ctx), code, kernel.DayOf(d.DB.Clock().Now()))
	if err != nil {
		return nil, err
	}
	doc := p.Document()
	doc.Version, doc.InForceFrom = next.Version, ""
	b, err := json.Marshal(doc)
	if err != nil {
		return nil, fmt.Errorf("copy of %s/%d: %w", code, version, err)
	}
	return rules.Canonical(b)
}

// Save keeps what was typed, finished or not. It refuses (stale) a revision that
// is not the newest, and what is no JSON object.
func (d *Desk) Save(ctx context.Context, id kernel.ID, rev int64, document []byte) error {
	canonical, err := rules.Canonical(document)
	if err != nil {
		return err
	}
	return d.keep(ctx, id, rev, canonical)
}

// Import is Save for YAML.
func (d *Desk) Import(ctx context.Context, id kernel.ID, rev int64, text []byte) error {
	canonical, err := rules.FromYAML(text)
	if err != nil {
		return err
	}
	if path := hidden(canonical); path != "" {
		e := kernel.Invalid("policy.yaml", kernel.T("%s 含有不可见的控制字符", "%s holds invisible control characters", path))
		e.Fields = []kernel.Field{{Path: path, Code: "hidden_characters", Message: e.Message}}
		return e
	}
	return d.keep(ctx, id, rev, canonical)
}

func (d *Desk) keep(ctx context.Context, id kernel.ID, rev int64, canonical []byte) error {
	return database.Run(ctx, d.DB, "policy_draft.save", func(tx *database.Tx) error {
		s, to, err := act(tx, id, rev, subsidies.PolicyEdit)
		if err != nil {
			return err
		}
		a := aboutOf(canonical)
		if err := edited(tx, id); err != nil {
			return err
		}
		return move(tx, s, subsidies.PolicyEdit, to, map[string]any{
			"code": a.Code, "version": a.Version, "title_zh": a.Title.ZH, "title_en": a.Title.EN,
			"document": string(canonical), "faults": countFaults(canonical),
		}, "")
	})
}

// edited remembers that the call's actor has a hand in the text.
func edited(tx *database.Tx, id kernel.ID) error {
	who := tx.Call.Actor
	var n int64
	if err := tx.Model(&Editor{}).Where("draft_id = ? AND person_id = ?", id, who.Person).Count(&n).Error; err != nil || n > 0 {
		return err
	}
	err := tx.Create(&Editor{DraftID: id, PersonID: who.Person, Name: clip(who.Name, 100), Since: tx.Now}).Error
	if database.IsDuplicate(err) {
		return database.Stale() // the same person saves twice at the same time
	}
	return err
}

func digest(document []byte) string {
	sum := sha256.Sum256(document)
	return hex.EncodeToString(sum[:])
}
