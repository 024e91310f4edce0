-- +goose Up
ALTER TABLE appropriations
    DROP INDEX uq_appropriations_policy_code_level_scope,
    ADD UNIQUE KEY uq_appropriations_policy_code_budget_year_level_scope (policy_code, budget_year, level, scope);
