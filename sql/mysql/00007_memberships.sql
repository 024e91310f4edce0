-- +goose Up
CREATE TABLE IF NOT EXISTS memberships (
    id         VARCHAR(36) NOT NULL,
    person_id  VARCHAR(36) NOT NULL,
    org_id     VARCHAR(36) NOT NULL,
    role       VARCHAR(24) NOT NULL,
    district   VARCHAR(20) NOT NULL,
    status     VARCHAR(16) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY uq_memberships_person_id_org_id_role (person_id, org_id, role),
    KEY ix_memberships_org_id_role_id (org_id, role, id),
    KEY ix_memberships_role_district_id (role, district, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
