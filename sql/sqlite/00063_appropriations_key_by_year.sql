-- +goose Up
DROP INDEX uq_appropriations_policy_code_level_scope;
CREATE UNIQUE INDEX uq_appropriations_policy_code_budget_year_level_scope ON appropriations (policy_code, budget_year, level, scope);
