SET LOCAL lock_timeout = '5s';

-- An event whose operation has a record says nothing of it again from now on. What is there stays as it is.
ALTER TABLE "audit_event" RENAME TO "audit_trail";
ALTER SEQUENCE "audit_event_id_seq" RENAME TO "audit_trail_id_seq";
ALTER TABLE "audit_trail" RENAME CONSTRAINT "audit_event_pkey" TO "audit_trail_pkey";
ALTER INDEX "audit_event_tenant_id_branch_id_id_idx" RENAME TO "audit_trail_tenant_id_branch_id_id_idx";
ALTER INDEX "audit_event_tenant_id_name_id_idx" RENAME TO "audit_trail_tenant_id_name_id_idx";
ALTER TABLE "audit_trail"
  ALTER COLUMN "actor_id" DROP NOT NULL,
  ALTER COLUMN "submitted_by" DROP NOT NULL,
  ALTER COLUMN "lane" DROP NOT NULL,
  ALTER COLUMN "occurred_at" DROP NOT NULL,
  ALTER COLUMN "recorded_at" DROP NOT NULL;

-- Whole, as ever: for the audit pages, exports, whoever reads by hand, and gateways of before while they are replaced.
CREATE VIEW "audit_event" AS
SELECT t."tenant_id", t."id", t."branch_id", t."name", coalesce(t."actor_id", o."actor_id") AS "actor_id",
  coalesce(t."submitted_by", o."submitted_by") AS "submitted_by", coalesce(t."device_id", o."device_id") AS "device_id",
  coalesce(t."lane", o."lane") AS "lane", t."client_op_id", coalesce(t."occurred_at", o."occurred_at") AS "occurred_at",
  coalesce(t."recorded_at", o."decided_at") AS "recorded_at", t."data", coalesce(t."approved_for", o."approved_for") AS "approved_for"
FROM "audit_trail" t LEFT JOIN "sync_operation" o
  ON t."actor_id" IS NULL AND o."tenant_id" = t."tenant_id" AND o."client_op_id" = t."client_op_id";

-- What those write. (It may go with a later version, as they do.)
CREATE FUNCTION "audit_event_written"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "audit_trail" ("tenant_id", "branch_id", "name", "actor_id", "submitted_by", "device_id", "lane", "client_op_id", "occurred_at", "recorded_at", "data", "approved_for")
  VALUES (NEW."tenant_id", NEW."branch_id", NEW."name", NEW."actor_id", NEW."submitted_by", NEW."device_id", NEW."lane", NEW."client_op_id", NEW."occurred_at", NEW."recorded_at", NEW."data", NEW."approved_for");
  RETURN NEW;
END $$;
CREATE TRIGGER "audit_event_written" INSTEAD OF INSERT ON "audit_event" FOR EACH ROW EXECUTE FUNCTION "audit_event_written"();
