-- Nobody waits behind this for long: where somebody is at work in the trail that long, it is tried again with the next start.
SET LOCAL lock_timeout = '5s';

-- An event's id begins with the year it is written in (UTC): 2027000000000123. So the key of before says which partition it
-- is in, they follow each other as the newest do, and nothing more is kept of an event. The sequence goes on through the years;
-- where it has come to a year itself, none before that is given again, whatever the clock says.
CREATE FUNCTION "audit_trail_id"("n" BIGINT) RETURNS BIGINT LANGUAGE plpgsql STABLE AS $$
DECLARE
  a_year CONSTANT BIGINT := 1000000000000;
BEGIN
  RETURN greatest(n, date_part('year', now() AT TIME ZONE 'UTC')::bigint * a_year + n % a_year);
END $$;

-- Made beside the trail, so that it is held for no longer than names are changed.
CREATE TABLE "audit_trail_by_year" (LIKE "audit_trail") PARTITION BY RANGE ("id");
ALTER TABLE "audit_trail_by_year" ADD CONSTRAINT "audit_trail_by_year_pkey" PRIMARY KEY ("tenant_id", "id");
CREATE INDEX "audit_trail_by_year_tenant_id_branch_id_id_idx" ON "audit_trail_by_year"("tenant_id", "branch_id", "id");
CREATE INDEX "audit_trail_by_year_by_name" ON "audit_trail_by_year"("tenant_id", "name", "id") WHERE "name" <> 'SALE_FINALIZED';
CREATE STATISTICS "audit_trail_by_year_tenant_of_branch" (dependencies) ON "tenant_id", "branch_id" FROM "audit_trail_by_year";
-- Years ahead, as nobody may be there to make them, nor the gateway's role be allowed to; and after them one for whatever comes.
DO $$
DECLARE
  a_year CONSTANT BIGINT := 1000000000000;
  part TEXT;
  each RECORD;
BEGIN
  FOR year IN 2026..2033 LOOP
    part := CASE year WHEN 2033 THEN 'audit_trail_later' ELSE 'audit_trail_' || year END;
    EXECUTE format('CREATE TABLE %I PARTITION OF "audit_trail_by_year" FOR VALUES FROM (%s) TO (%s)', part, year * a_year,
      CASE year WHEN 2033 THEN 'MAXVALUE' ELSE ((year + 1) * a_year)::text END);
    EXECUTE format('CREATE STATISTICS %I (dependencies) ON tenant_id, branch_id FROM %I', part || '_tenant_of_branch', part);
  END LOOP;
  -- Who may see the trail sees it by year, and no more of it; no partition is anybody else's to look at.
  FOR each IN SELECT polname, pg_get_expr(polqual, polrelid) AS condition, relid::regclass AS part
    FROM pg_policy, pg_partition_tree('audit_trail_by_year') WHERE polrelid = 'audit_trail'::regclass
  LOOP
    EXECUTE format('CREATE POLICY %I ON %s USING (%s)', each.polname, each.part, each.condition);
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', each.part);
  END LOOP;
  FOR each IN SELECT privilege_type, is_grantable, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END AS grantee
    FROM pg_class, aclexplode(relacl) WHERE oid = 'audit_trail'::regclass
  LOOP
    EXECUTE format('GRANT %s ON "audit_trail_by_year" TO %s %s', each.privilege_type, each.grantee,
      CASE WHEN each.is_grantable THEN 'WITH GRANT OPTION' END);
  END LOOP;
END $$;

-- From here on others wait. The view first, as whoever asks it has it before the table.
DO $$
DECLARE
  asks_as_whoever_reads CONSTANT BOOLEAN :=
    coalesce((SELECT reloptions @> '{security_invoker=true}' FROM pg_class WHERE oid = 'audit_event'::regclass), false);
BEGIN
  CREATE OR REPLACE VIEW "audit_event" AS
  SELECT t."tenant_id", t."id", t."branch_id", t."name", coalesce(t."actor_id", o."actor_id") AS "actor_id",
    coalesce(t."submitted_by", o."submitted_by") AS "submitted_by", coalesce(t."device_id", o."device_id") AS "device_id",
    coalesce(t."lane", o."lane") AS "lane", t."client_op_id", coalesce(t."occurred_at", o."occurred_at") AS "occurred_at",
    coalesce(t."recorded_at", o."decided_at") AS "recorded_at", t."data", coalesce(t."approved_for", o."approved_for") AS "approved_for"
  FROM "audit_trail_by_year" t LEFT JOIN "sync_operation" o
    ON t."actor_id" IS NULL AND o."tenant_id" = t."tenant_id" AND o."client_op_id" = t."client_op_id";
  IF asks_as_whoever_reads THEN
    ALTER VIEW "audit_event" SET (security_invoker = true);
  END IF;
END $$;

ALTER TABLE "audit_trail" RENAME TO "audit_trail_before";
ALTER TABLE "audit_trail_before" RENAME CONSTRAINT "audit_trail_pkey" TO "audit_trail_before_pkey";
ALTER INDEX "audit_trail_tenant_id_branch_id_id_idx" RENAME TO "audit_trail_before_tenant_id_branch_id_id_idx";
ALTER INDEX "audit_trail_by_name" RENAME TO "audit_trail_before_tenant_id_name_id_idx";
ALTER STATISTICS "audit_trail_tenant_of_branch" RENAME TO "audit_trail_before_tenant_of_branch";

ALTER TABLE "audit_trail_by_year" RENAME TO "audit_trail";
ALTER TABLE "audit_trail" RENAME CONSTRAINT "audit_trail_by_year_pkey" TO "audit_trail_pkey";
ALTER INDEX "audit_trail_by_year_tenant_id_branch_id_id_idx" RENAME TO "audit_trail_tenant_id_branch_id_id_idx";
ALTER INDEX "audit_trail_by_year_by_name" RENAME TO "audit_trail_by_name";
ALTER STATISTICS "audit_trail_by_year_tenant_of_branch" RENAME TO "audit_trail_tenant_of_branch";

ALTER SEQUENCE "audit_trail_id_seq" OWNED BY "audit_trail"."id";
ALTER TABLE ONLY "audit_trail" ALTER COLUMN "id" SET DEFAULT "audit_trail_id"(nextval('audit_trail_id_seq'));
ALTER TABLE "audit_trail_before" ALTER COLUMN "id" DROP DEFAULT;
ALTER TABLE "audit_trail" ATTACH PARTITION "audit_trail_before" FOR VALUES FROM (MINVALUE) TO (2026000000000000);
ALTER TABLE "audit_trail_before" DROP CONSTRAINT "audit_trail_of_before";
