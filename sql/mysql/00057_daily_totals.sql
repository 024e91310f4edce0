-- +goose Up
CREATE TABLE IF NOT EXISTS daily_totals (
    day         VARCHAR(10) NOT NULL,
    policy_code VARCHAR(60) NOT NULL,
    budget_year VARCHAR(4) NOT NULL,
    scope       VARCHAR(20) NOT NULL,
    account     VARCHAR(40) NOT NULL,
    district    VARCHAR(20) NOT NULL,
    category    VARCHAR(40) NOT NULL,
    payee       VARCHAR(12) NOT NULL,
    raised_fen  BIGINT NOT NULL,
    lowered_fen BIGINT NOT NULL,
    postings    BIGINT NOT NULL,
    PRIMARY KEY (day, policy_code, budget_year, scope, account, district, category, payee),
    KEY ix_daily_totals_policy_code_day (policy_code, day)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
