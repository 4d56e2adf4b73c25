-- Not of what comes with every sale: such events are found among the newest.
DROP INDEX CONCURRENTLY IF EXISTS "audit_trail_by_name";
CREATE INDEX CONCURRENTLY "audit_trail_by_name" ON "audit_trail"("tenant_id", "name", "id") WHERE "name" <> 'SALE_FINALIZED';
DROP INDEX CONCURRENTLY IF EXISTS "audit_trail_tenant_id_name_id_idx";
