-- Applied operations that retention has not looked at yet.
DROP INDEX CONCURRENTLY IF EXISTS "sync_operation_young";
CREATE INDEX CONCURRENTLY "sync_operation_young" ON "sync_operation"("tenant_id", "decided_at") WHERE "retold" IS NULL AND "status" = 'APPLIED';
