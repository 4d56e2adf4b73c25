-- Cash that was moved in a branch and is no sale's: what its stream is made of when it is opened or made anew. (Of sales there are
-- far more, and none of them is in it.)
DROP INDEX CONCURRENTLY IF EXISTS "cash_movement_told";
CREATE INDEX CONCURRENTLY "cash_movement_told" ON "cash_movement"("tenant_id", "branch_id", "id") WHERE "sale_id" IS NULL;
