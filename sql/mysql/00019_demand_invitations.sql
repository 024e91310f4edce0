-- +goose Up
CREATE TABLE IF NOT EXISTS demand_invitations (
    demand_id   VARCHAR(36) NOT NULL,
    provider_id VARCHAR(36) NOT NULL,
    created_by  VARCHAR(36) NOT NULL,
    created_at  DATETIME(6) NOT NULL,
    PRIMARY KEY (demand_id, provider_id),
    KEY ix_demand_invitations_provider_id_demand_id (provider_id, demand_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
