-- +goose Up
CREATE TABLE IF NOT EXISTS agreements (
    id             VARCHAR(36) NOT NULL,
    number         VARCHAR(24) NOT NULL,
    enterprise_id  VARCHAR(36) NOT NULL,
    provider_id    VARCHAR(36) NOT NULL,
    district       VARCHAR(20) NOT NULL,
    policy_code    VARCHAR(60) NOT NULL,
    policy_version BIGINT NOT NULL,
    offer_id       VARCHAR(36) NOT NULL,
    plan_id        VARCHAR(36) NOT NULL,
    proposal_id    VARCHAR(36),
    offer_name_zh  VARCHAR(200) NOT NULL,
    offer_name_en  VARCHAR(200) NOT NULL,
    plan_name_zh   VARCHAR(200) NOT NULL,
    plan_name_en   VARCHAR(200) NOT NULL,
    category       VARCHAR(40) NOT NULL,
    depth          VARCHAR(16) NOT NULL,
    class          VARCHAR(1) NOT NULL,
    quantity       BIGINT NOT NULL,
    list_price_fen BIGINT NOT NULL,
    discount_fen   BIGINT NOT NULL,
    subsidy_fen    BIGINT NOT NULL,
    municipal_fen  BIGINT NOT NULL,
    district_fen   BIGINT NOT NULL,
    enterprise_fen BIGINT NOT NULL,
    starts_on      VARCHAR(10) NOT NULL,
    ends_on        VARCHAR(10) NOT NULL,
    budget_year    VARCHAR(4) NOT NULL,
    state          VARCHAR(24) NOT NULL,
    turn           VARCHAR(24) NOT NULL,
    since          DATETIME NOT NULL,
    reserve_until  VARCHAR(10),
    voucher_number VARCHAR(24),
    version        BIGINT NOT NULL,
    created_by     VARCHAR(36) NOT NULL,
    created_at     DATETIME NOT NULL,
    updated_at     DATETIME NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_agreements_number ON agreements (number);
CREATE UNIQUE INDEX IF NOT EXISTS uq_agreements_proposal_id ON agreements (proposal_id);
CREATE UNIQUE INDEX IF NOT EXISTS uq_agreements_voucher_number ON agreements (voucher_number);
CREATE INDEX IF NOT EXISTS ix_agreements_enterprise_id_id ON agreements (enterprise_id, id);
CREATE INDEX IF NOT EXISTS ix_agreements_provider_id_id ON agreements (provider_id, id);
CREATE INDEX IF NOT EXISTS ix_agreements_district_state_since_id ON agreements (district, state, since, id);
CREATE INDEX IF NOT EXISTS ix_agreements_state_reserve_until_id ON agreements (state, reserve_until, id);
CREATE INDEX IF NOT EXISTS ix_agreements_turn_since_id ON agreements (turn, since, id);
