-- +goose Up
CREATE TABLE IF NOT EXISTS clawbacks (
    id                 VARCHAR(36) NOT NULL,
    number             VARCHAR(24) NOT NULL,
    claim_id           VARCHAR(36) NOT NULL,
    debtor_id          VARCHAR(36) NOT NULL,
    district           VARCHAR(20) NOT NULL,
    policy_code        VARCHAR(60) NOT NULL,
    policy_version     BIGINT NOT NULL,
    state              VARCHAR(24) NOT NULL,
    turn               VARCHAR(24) NOT NULL,
    since              DATETIME NOT NULL,
    ground             VARCHAR(40) NOT NULL,
    note               TEXT NOT NULL,
    amount_fen         BIGINT NOT NULL,
    municipal_fen      BIGINT NOT NULL,
    district_fen       BIGINT NOT NULL,
    open_municipal_fen BIGINT NOT NULL,
    open_district_fen  BIGINT NOT NULL,
    held_fen           BIGINT NOT NULL,
    received_fen       BIGINT NOT NULL,
    netted_fen         BIGINT NOT NULL,
    written_off_fen    BIGINT NOT NULL,
    fine_fen           BIGINT NOT NULL,
    fine_reference     VARCHAR(80) NOT NULL,
    order_reference    VARCHAR(80) NOT NULL,
    ordered_on         VARCHAR(10),
    planned_after_fen  BIGINT NOT NULL,
    next_due_on        VARCHAR(10),
    reminded_for       VARCHAR(10),
    closed_at          DATETIME,
    version            BIGINT NOT NULL,
    proposed_by        VARCHAR(36) NOT NULL,
    created_at         DATETIME NOT NULL,
    updated_at         DATETIME NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_clawbacks_number ON clawbacks (number);
CREATE INDEX IF NOT EXISTS ix_clawbacks_claim_id ON clawbacks (claim_id);
CREATE INDEX IF NOT EXISTS ix_clawbacks_debtor_id_id ON clawbacks (debtor_id, id);
CREATE INDEX IF NOT EXISTS ix_clawbacks_state_since_id ON clawbacks (state, since, id);
CREATE INDEX IF NOT EXISTS ix_clawbacks_district_state_since_id ON clawbacks (district, state, since, id);
CREATE INDEX IF NOT EXISTS ix_clawbacks_state_next_due_on_id ON clawbacks (state, next_due_on, id);
