-- PostgreSQL multiplies how few rows a tenant has by how few a branch has, and expects none of both where many tenants have
-- branches of their own: any index that begins with both is as good then, and a page is sorted of all that a branch has.
-- So it is told that whose a branch is follows from the branch. (Counted here where there is something to count: what
-- is empty is counted once it has grown.)
DO $$
DECLARE
  of_branches record;
BEGIN
  FOR of_branches IN
    SELECT c.relname, c.reltuples FROM pg_class c
    JOIN pg_attribute t ON t.attrelid = c.oid AND t.attname = 'tenant_id' AND NOT t.attisdropped
    JOIN pg_attribute b ON b.attrelid = c.oid AND b.attname = 'branch_id' AND NOT b.attisdropped
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1
  LOOP
    EXECUTE format('CREATE STATISTICS %I (dependencies) ON tenant_id, branch_id FROM %I',
      of_branches.relname || '_tenant_of_branch', of_branches.relname);
    IF of_branches.reltuples > 0 THEN
      EXECUTE format('ANALYZE %I', of_branches.relname);
    END IF;
  END LOOP;
END $$;
