-- +goose Up
CREATE TABLE IF NOT EXISTS organisations (
    id                   VARCHAR(36) NOT NULL,
    kind                 VARCHAR(16) NOT NULL,
    credit_code          VARCHAR(18) NOT NULL,
    code_override_reason VARCHAR(500) NOT NULL,
    name                 VARCHAR(200) NOT NULL,
    name_en              VARCHAR(200) NOT NULL,
    industry             VARCHAR(40) NOT NULL,
    section              VARCHAR(1) NOT NULL,
    head_count           BIGINT,
    revenue_fen          BIGINT,
    assets_fen           BIGINT,
    size_class           VARCHAR(8) NOT NULL,
    district             VARCHAR(20) NOT NULL,
    chains               TEXT NOT NULL,
    founded_on           VARCHAR(10),
    address              VARCHAR(300) NOT NULL,
    contact_name         VARCHAR(50) NOT NULL,
    contact_phone        VARCHAR(30) NOT NULL,
    bank_name            VARCHAR(100) NOT NULL,
    bank_code            VARCHAR(12) NOT NULL,
    account_name         VARCHAR(200) NOT NULL,
    account_number       VARCHAR(255) NOT NULL,
    status               VARCHAR(16) NOT NULL,
    status_reason        VARCHAR(500) NOT NULL,
    decided_by           VARCHAR(36) NOT NULL,
    decided_at           DATETIME,
    version              BIGINT NOT NULL,
    created_at           DATETIME NOT NULL,
    updated_at           DATETIME NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_organisations_credit_code ON organisations (credit_code);
CREATE INDEX IF NOT EXISTS ix_organisations_kind_status_district_id ON organisations (kind, status, district, id);
CREATE INDEX IF NOT EXISTS ix_organisations_updated_at_id ON organisations (updated_at, id);
