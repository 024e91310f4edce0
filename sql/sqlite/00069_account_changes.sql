-- +goose Up
CREATE TABLE IF NOT EXISTS account_changes (
    id             VARCHAR(36) NOT NULL,
    org_id         VARCHAR(36) NOT NULL,
    live_key       VARCHAR(36),
    state          VARCHAR(12) NOT NULL,
    bank_name      VARCHAR(100) NOT NULL,
    bank_code      VARCHAR(12) NOT NULL,
    account_name   VARCHAR(200) NOT NULL,
    account_number VARCHAR(255) NOT NULL,
    former_account VARCHAR(40) NOT NULL,
    reason         VARCHAR(500) NOT NULL,
    proposed_by    VARCHAR(36) NOT NULL,
    proposed_name  VARCHAR(50) NOT NULL,
    decided_by     VARCHAR(36) NOT NULL,
    decided_name   VARCHAR(50) NOT NULL,
    decided_role   VARCHAR(24) NOT NULL,
    document       VARCHAR(200) NOT NULL,
    note           VARCHAR(500) NOT NULL,
    created_at     DATETIME NOT NULL,
    decided_at     DATETIME,
    version        BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_account_changes_live_key ON account_changes (live_key);
CREATE INDEX IF NOT EXISTS ix_account_changes_org_id_id ON account_changes (org_id, id);
CREATE INDEX IF NOT EXISTS ix_account_changes_state_decided_at_id ON account_changes (state, decided_at, id);
