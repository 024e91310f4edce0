-- +goose Up
CREATE TABLE IF NOT EXISTS opening_entries (
    agreement_id VARCHAR(36) NOT NULL,
    policy_code  VARCHAR(60) NOT NULL,
    round        VARCHAR(10) NOT NULL,
    band         BIGINT NOT NULL,
    number       BIGINT NOT NULL,
    place        BIGINT NOT NULL,
    entered_at   DATETIME(6) NOT NULL,
    explained    MEDIUMTEXT NOT NULL,
    PRIMARY KEY (agreement_id),
    KEY ix_opening_entries_policy_code_round_number (policy_code, round, number),
    KEY ix_opening_entries_policy_code_round_place (policy_code, round, place)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
