-- What was given up, by what it was about: once that is in the books, it says so.
DROP INDEX CONCURRENTLY IF EXISTS "refusal_given_up";
CREATE INDEX CONCURRENTLY "refusal_given_up" ON "refusal"("tenant_id", "branch_id", "thing_id") WHERE "outcome" = 'GIVEN_UP';
