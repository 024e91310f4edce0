-- +goose Up
CREATE TABLE IF NOT EXISTS demand_invitations (
    demand_id   VARCHAR(36) NOT NULL,
    provider_id VARCHAR(36) NOT NULL,
    created_by  VARCHAR(36) NOT NULL,
    created_at  DATETIME NOT NULL,
    PRIMARY KEY (demand_id, provider_id)
);
CREATE INDEX IF NOT EXISTS ix_demand_invitations_provider_id_demand_id ON demand_invitations (provider_id, demand_id);
