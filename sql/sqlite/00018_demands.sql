-- +goose Up
CREATE TABLE IF NOT EXISTS demands (
    id                 VARCHAR(36) NOT NULL,
    enterprise_id      VARCHAR(36) NOT NULL,
    district           VARCHAR(20) NOT NULL,
    title              VARCHAR(100) NOT NULL,
    need               TEXT NOT NULL,
    category           VARCHAR(40) NOT NULL,
    budget_fen         BIGINT,
    wanted_by          VARCHAR(10),
    systems            TEXT NOT NULL,
    status             VARCHAR(16) NOT NULL,
    closed_reason      VARCHAR(500) NOT NULL,
    chosen_proposal_id VARCHAR(36),
    version            BIGINT NOT NULL,
    created_by         VARCHAR(36) NOT NULL,
    created_at         DATETIME NOT NULL,
    updated_at         DATETIME NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX IF NOT EXISTS ix_demands_enterprise_id_id ON demands (enterprise_id, id);
CREATE INDEX IF NOT EXISTS ix_demands_status_id ON demands (status, id);
