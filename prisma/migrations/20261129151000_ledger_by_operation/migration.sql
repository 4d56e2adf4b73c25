-- Nobody waits behind this for long: where somebody is at work in the tables that long, it is tried again with the next start.
SET LOCAL lock_timeout = '5s';

-- The ledger has a row for each operation from now on, with all that it moved. What is there stays as it is.
ALTER TABLE "stock_entry" RENAME TO "stock_move";
ALTER TABLE "stock_move" RENAME CONSTRAINT "stock_entry_pkey" TO "stock_move_pkey";
ALTER TABLE "stock_move" ALTER COLUMN "quantity" DROP NOT NULL, ADD COLUMN "items" JSON;

-- Item by item, as ever: for exports, for whoever reads by hand, and for gateways of before while they are replaced.
CREATE VIEW "stock_entry" AS
SELECT m."tenant_id", m."branch_id", m."client_op_id", i."stock_item_id", m."kind", i."quantity", m."sale_id", m."reason", m."occurred_at"
FROM "stock_move" m CROSS JOIN LATERAL (
  SELECT m."stock_item_id", m."quantity" WHERE m."items" IS NULL
  UNION ALL
  SELECT j."key", j."value"::bigint FROM json_each_text(m."items") j) i;

-- What those write. (It may go with a later version, as they do.)
CREATE FUNCTION "stock_entry_written"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "stock_move" ("tenant_id", "branch_id", "client_op_id", "stock_item_id", "kind", "quantity", "sale_id", "reason", "occurred_at")
  VALUES (NEW."tenant_id", NEW."branch_id", NEW."client_op_id", NEW."stock_item_id", NEW."kind", NEW."quantity", NEW."sale_id", NEW."reason", NEW."occurred_at");
  RETURN NEW;
END $$;
CREATE TRIGGER "stock_entry_written" INSTEAD OF INSERT ON "stock_entry" FOR EACH ROW EXECUTE FUNCTION "stock_entry_written"();

-- A sale by the revision of a policy has its values there. (Those of before have a copy.)
CREATE VIEW "sale_told" AS
SELECT s."tenant_id", s."branch_id", s."id", s."client_op_id", s."receipt_number", s."status", s."sale_type", s."cash_session_id", s."policy_revision",
  CASE WHEN r."revision" IS NULL THEN s."policy" ELSE json_build_object(
    'vatEnabled', r."vat_enabled", 'vatRatePercent', r."vat_rate_percent", 'fxRateKhrPerUsd', r."fx_rate_khr_per_usd",
    'khrRoundingEnabled', r."khr_rounding_enabled", 'khrRoundingMode', r."khr_rounding_mode",
    'khrRoundingGranularity', r."khr_rounding_granularity") END AS "policy",
  s."lines", s."totals", s."tender", s."priced_from_stale_cache", s."actor_id", s."finalized_at", s."recorded_at", s."voided_at",
  s."voided_by", s."void_reason"
FROM "sale" s LEFT JOIN "policy_revision" r
  ON s."policy"::text = '{}' AND r."tenant_id" = s."tenant_id" AND r."branch_id" = s."branch_id" AND r."revision" = s."policy_revision";
