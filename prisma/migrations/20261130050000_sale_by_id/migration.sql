-- A sale is found by its id alone. With its branch, PostgreSQL takes the branch's index of times where it thinks a branch has
-- no more than one sale (of a thousand tenants with ten branches each, say), and goes through all that the branch has sold.
DROP INDEX CONCURRENTLY IF EXISTS "sale_by_id";
CREATE INDEX CONCURRENTLY "sale_by_id" ON "sale"("tenant_id", "id");
