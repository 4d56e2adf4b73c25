-- AlterTable
ALTER TABLE "sync_operation" ADD COLUMN "retold" BOOLEAN;

-- What rows of business say once more of an applied operation: its payload and its result. The engine asks no other table.
CREATE VIEW "sync_retold" AS
SELECT s."tenant_id", s."client_op_id",
  json_build_object(
    'saleId', s."id", 'cashSessionId', s."cash_session_id", 'saleType', s."sale_type", 'policyRevision', s."policy_revision",
    'lines', (
      SELECT json_agg(json_build_object(
        'menuItemId', l.line -> 'menuItemId', 'menuItemRevision', l.line -> 'menuItemRevision', 'quantity', l.line -> 'quantity',
        'modifierOptionIds', (
          SELECT coalesce(json_agg(o.option -> 'id' ORDER BY o.place), '[]')
          FROM json_array_elements(l.line -> 'modifiers') WITH ORDINALITY AS o(option, place))) ORDER BY l.place)
      FROM json_array_elements(s."lines") WITH ORDINALITY AS l(line, place)),
    'totals', s."totals", 'tender', s."tender") AS "payload",
  json_build_object(
    'saleId', s."id", 'receiptNumber', s."receipt_number", 'pricedFromStaleCache', s."priced_from_stale_cache",
    'totals', s."totals") AS "result"
-- A sale is found by its operation's key, which its cash has.
FROM "cash_movement" m JOIN "sale" s
  ON s."tenant_id" = m."tenant_id" AND s."branch_id" = m."branch_id" AND s."id" = m."sale_id" AND s."client_op_id" = m."id"
WHERE m."kind" = 'SALE_IN';
