-- +goose Up
CREATE TABLE IF NOT EXISTS memberships (
    id         VARCHAR(36) NOT NULL,
    person_id  VARCHAR(36) NOT NULL,
    org_id     VARCHAR(36) NOT NULL,
    role       VARCHAR(24) NOT NULL,
    district   VARCHAR(20) NOT NULL,
    status     VARCHAR(16) NOT NULL,
    created_at DATETIME NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_memberships_person_id_org_id_role ON memberships (person_id, org_id, role);
CREATE INDEX IF NOT EXISTS ix_memberships_org_id_role_id ON memberships (org_id, role, id);
CREATE INDEX IF NOT EXISTS ix_memberships_role_district_id ON memberships (role, district, id);
