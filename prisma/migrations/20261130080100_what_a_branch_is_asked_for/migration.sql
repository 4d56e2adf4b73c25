-- By what it is about alone: of an index of some rows PostgreSQL does not see that a branch is of one tenant.
DROP INDEX CONCURRENTLY IF EXISTS "refusal_open_of_thing";
CREATE INDEX CONCURRENTLY "refusal_open_of_thing" ON "refusal"("tenant_id", "thing_id") WHERE NOT "settled";
DROP INDEX CONCURRENTLY IF EXISTS "refusal_of_thing";
DROP INDEX CONCURRENTLY IF EXISTS "refusal_given_up_of_thing";
CREATE INDEX CONCURRENTLY "refusal_given_up_of_thing" ON "refusal"("tenant_id", "thing_id") WHERE "outcome" = 'GIVEN_UP';
DROP INDEX CONCURRENTLY IF EXISTS "refusal_given_up";

-- The statements of some days, of all that a branch has closed.
DROP INDEX CONCURRENTLY IF EXISTS "closing_statement_tenant_id_branch_id_recorded_at_idx";
CREATE INDEX CONCURRENTLY "closing_statement_tenant_id_branch_id_recorded_at_idx" ON "closing_statement"("tenant_id", "branch_id", "recorded_at");

-- The devices that say they are in a branch, for each closing.
DROP INDEX CONCURRENTLY IF EXISTS "sync_device_report_tenant_id_branch_id_idx";
CREATE INDEX CONCURRENTLY "sync_device_report_tenant_id_branch_id_idx" ON "sync_device_report"("tenant_id", "branch_id");

-- What was rejected in a branch, of all that was in its tenant. (Without the key: with it, the whole index would be read for a page
-- of the tenant's, as it would have all that such a page asks for.)
DROP INDEX CONCURRENTLY IF EXISTS "sync_operation_rejected_of_branch";
CREATE INDEX CONCURRENTLY "sync_operation_rejected_of_branch" ON "sync_operation"("tenant_id", "branch_id", "decided_at" DESC) WHERE "status" = 'REJECTED';
