-- +goose Up
CREATE TABLE IF NOT EXISTS appropriation_acts (
    id              VARCHAR(36) NOT NULL,
    kind            VARCHAR(16) NOT NULL,
    policy_code     VARCHAR(60) NOT NULL,
    budget_year     VARCHAR(4) NOT NULL,
    scope           VARCHAR(20) NOT NULL,
    from_year       VARCHAR(4) NOT NULL,
    from_scope      VARCHAR(20) NOT NULL,
    amount_fen      BIGINT NOT NULL,
    document_number VARCHAR(80) NOT NULL,
    dated_on        VARCHAR(10) NOT NULL,
    reason          VARCHAR(500) NOT NULL,
    state           VARCHAR(16) NOT NULL,
    live_key        VARCHAR(64),
    proposed_by     VARCHAR(36) NOT NULL,
    proposed_name   VARCHAR(80) NOT NULL,
    proposed_at     DATETIME NOT NULL,
    decided_by      VARCHAR(36) NOT NULL,
    decided_name    VARCHAR(80) NOT NULL,
    decided_at      DATETIME,
    note            VARCHAR(500) NOT NULL,
    version         BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_appropriation_acts_live_key ON appropriation_acts (live_key);
CREATE INDEX IF NOT EXISTS ix_appropriation_acts_policy_code_id ON appropriation_acts (policy_code, id);
CREATE INDEX IF NOT EXISTS ix_appropriation_acts_state_id ON appropriation_acts (state, id);
