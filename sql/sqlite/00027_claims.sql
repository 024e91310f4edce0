-- +goose Up
CREATE TABLE IF NOT EXISTS claims (
    id                 VARCHAR(36) NOT NULL,
    number             VARCHAR(24) NOT NULL,
    agreement_id       VARCHAR(36) NOT NULL,
    live_key           VARCHAR(36),
    contract_key       VARCHAR(140),
    enterprise_id      VARCHAR(36) NOT NULL,
    provider_id        VARCHAR(36) NOT NULL,
    district           VARCHAR(20) NOT NULL,
    policy_code        VARCHAR(60) NOT NULL,
    policy_version     BIGINT NOT NULL,
    state              VARCHAR(24) NOT NULL,
    turn               VARCHAR(24) NOT NULL,
    since              DATETIME NOT NULL,
    round              BIGINT NOT NULL,
    submitted_at       DATETIME,
    contract_number    VARCHAR(80) NOT NULL,
    contract_signed_on VARCHAR(10),
    accepted_on        VARCHAR(10),
    list_price_fen     BIGINT NOT NULL,
    discount_fen       BIGINT NOT NULL,
    subsidy_fen        BIGINT NOT NULL,
    municipal_fen      BIGINT NOT NULL,
    district_fen       BIGINT NOT NULL,
    enterprise_fen     BIGINT NOT NULL,
    paid_fen           BIGINT NOT NULL,
    notice_id          VARCHAR(36),
    batch_id           VARCHAR(36),
    commitment_at      DATETIME,
    working_days_used  BIGINT NOT NULL,
    version            BIGINT NOT NULL,
    created_by         VARCHAR(36) NOT NULL,
    created_at         DATETIME NOT NULL,
    updated_at         DATETIME NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_claims_number ON claims (number);
CREATE UNIQUE INDEX IF NOT EXISTS uq_claims_live_key ON claims (live_key);
CREATE UNIQUE INDEX IF NOT EXISTS uq_claims_contract_key ON claims (contract_key);
CREATE INDEX IF NOT EXISTS ix_claims_agreement_id ON claims (agreement_id);
CREATE INDEX IF NOT EXISTS ix_claims_enterprise_id_id ON claims (enterprise_id, id);
CREATE INDEX IF NOT EXISTS ix_claims_provider_id_id ON claims (provider_id, id);
CREATE INDEX IF NOT EXISTS ix_claims_district_state_since_id ON claims (district, state, since, id);
CREATE INDEX IF NOT EXISTS ix_claims_state_since_id ON claims (state, since, id);
CREATE INDEX IF NOT EXISTS ix_claims_notice_id ON claims (notice_id);
CREATE INDEX IF NOT EXISTS ix_claims_policy_code_state ON claims (policy_code, state);
