-- CreateTable
CREATE TABLE "session_tally" (
    "tenant_id" TEXT NOT NULL,
    "cash_session_id" UUID NOT NULL,
    "branch_id" TEXT NOT NULL,
    "tally" JSON NOT NULL,

    CONSTRAINT "session_tally_pkey" PRIMARY KEY ("tenant_id","cash_session_id")
);

-- CreateTable
CREATE TABLE "closing_head" (
    "tenant_id" TEXT NOT NULL,
    "branch_id" TEXT NOT NULL,
    "statement_number" BIGINT NOT NULL,
    "statement_hash" TEXT NOT NULL,
    "supplement_number" BIGINT NOT NULL,
    "supplement_hash" TEXT NOT NULL,

    CONSTRAINT "closing_head_pkey" PRIMARY KEY ("tenant_id","branch_id")
);

-- CreateTable
CREATE TABLE "closing_statement" (
    "tenant_id" TEXT NOT NULL,
    "branch_id" TEXT NOT NULL,
    "number" BIGINT NOT NULL,
    "cash_session_id" UUID NOT NULL,
    "content" JSON NOT NULL,
    "hash" TEXT NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "closing_statement_pkey" PRIMARY KEY ("tenant_id","branch_id","number")
);

-- CreateTable
CREATE TABLE "closing_supplement" (
    "tenant_id" TEXT NOT NULL,
    "branch_id" TEXT NOT NULL,
    "number" BIGINT NOT NULL,
    "client_op_id" UUID NOT NULL,
    "cash_session_id" UUID NOT NULL,
    "content" JSON NOT NULL,
    "hash" TEXT NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "closing_supplement_pkey" PRIMARY KEY ("tenant_id","branch_id","number")
);

-- CreateTable
CREATE TABLE "refusal" (
    "tenant_id" TEXT NOT NULL,
    "client_op_id" UUID NOT NULL,
    "branch_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "cash_session_id" UUID,
    "thing_id" UUID,
    "usd" BIGINT NOT NULL,
    "khr" BIGINT NOT NULL,
    "total_usd" BIGINT NOT NULL,
    "payload" JSON,
    "code" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "device_id" TEXT,
    "device_seq" BIGINT,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "happened_at" TIMESTAMPTZ(3) NOT NULL,
    "refused_at" TIMESTAMPTZ(3) NOT NULL,
    "settled" BOOLEAN NOT NULL,
    "outcome" TEXT,
    "settled_by" TEXT,
    "settled_at" TIMESTAMPTZ(3),
    "reason" TEXT,

    CONSTRAINT "refusal_pkey" PRIMARY KEY ("tenant_id","client_op_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "closing_statement_tenant_id_branch_id_cash_session_id_key" ON "closing_statement"("tenant_id", "branch_id", "cash_session_id");

-- CreateIndex
CREATE INDEX "closing_supplement_tenant_id_branch_id_cash_session_id_idx" ON "closing_supplement"("tenant_id", "branch_id", "cash_session_id");

-- CreateIndex
CREATE INDEX "refusal_tenant_id_branch_id_refused_at_idx" ON "refusal"("tenant_id", "branch_id", "refused_at");

-- By hand: what waits for somebody, of a session and of a sale or movement.
CREATE INDEX "refusal_of_session" ON "refusal"("tenant_id", "branch_id", "cash_session_id") WHERE NOT "settled";
CREATE INDEX "refusal_of_thing" ON "refusal"("tenant_id", "branch_id", "thing_id") WHERE NOT "settled";

-- Sessions that are open have their sums from what is in the books; which devices took part is known from here on.
INSERT INTO "session_tally" ("tenant_id", "cash_session_id", "branch_id", "tally")
SELECT s.tenant_id, s.id, s.branch_id, json_build_object(
  'sales', json_build_object('count', m.sales, 'usd', m.sales_usd, 'khr', m.sales_khr, 'totalUsd', m.sales_total,
    'byTender', json_build_object(
      'USD', json_build_object('count', m.by_usd, 'totalUsd', m.by_usd_total),
      'KHR', json_build_object('count', m.by_khr, 'totalUsd', m.by_khr_total),
      'MIXED', json_build_object('count', m.sales - m.by_usd - m.by_khr,
        'totalUsd', m.sales_total - m.by_usd_total - m.by_khr_total))),
  'voids', json_build_object('count', m.voids, 'usd', m.voids_usd, 'khr', m.voids_khr, 'totalUsd', m.voids_total),
  'paidIn', json_build_object('count', m.ins, 'usd', m.ins_usd, 'khr', m.ins_khr),
  'paidOut', json_build_object('count', m.outs, 'usd', m.outs_usd, 'khr', m.outs_khr),
  'adjustments', json_build_object('count', m.adjusted, 'usd', m.adjusted_usd, 'khr', m.adjusted_khr),
  'receipts', CASE WHEN m.first IS NULL THEN NULL ELSE json_build_object('first', m.first, 'last', m.last) END,
  'devices', '[]'::json, 'otherOperations', 0)
FROM "cash_session" s CROSS JOIN LATERAL (
  SELECT
    count(*) FILTER (WHERE c.kind = 'SALE_IN') AS sales,
    coalesce(sum(c.usd) FILTER (WHERE c.kind = 'SALE_IN'), 0) AS sales_usd,
    coalesce(sum(c.khr) FILTER (WHERE c.kind = 'SALE_IN'), 0) AS sales_khr,
    coalesce(sum((a.totals ->> 'totalUsd')::bigint) FILTER (WHERE c.kind = 'SALE_IN'), 0) AS sales_total,
    count(*) FILTER (WHERE c.kind = 'SALE_IN' AND a.tender ->> 'currency' = 'USD') AS by_usd,
    coalesce(sum((a.totals ->> 'totalUsd')::bigint) FILTER (WHERE c.kind = 'SALE_IN' AND a.tender ->> 'currency' = 'USD'), 0) AS by_usd_total,
    count(*) FILTER (WHERE c.kind = 'SALE_IN' AND a.tender ->> 'currency' = 'KHR') AS by_khr,
    coalesce(sum((a.totals ->> 'totalUsd')::bigint) FILTER (WHERE c.kind = 'SALE_IN' AND a.tender ->> 'currency' = 'KHR'), 0) AS by_khr_total,
    count(*) FILTER (WHERE c.kind = 'REFUND') AS voids,
    coalesce(sum(c.usd) FILTER (WHERE c.kind = 'REFUND'), 0) AS voids_usd,
    coalesce(sum(c.khr) FILTER (WHERE c.kind = 'REFUND'), 0) AS voids_khr,
    coalesce(sum((a.totals ->> 'totalUsd')::bigint) FILTER (WHERE c.kind = 'REFUND'), 0) AS voids_total,
    count(*) FILTER (WHERE c.kind = 'PAID_IN') AS ins,
    coalesce(sum(c.usd) FILTER (WHERE c.kind = 'PAID_IN'), 0) AS ins_usd,
    coalesce(sum(c.khr) FILTER (WHERE c.kind = 'PAID_IN'), 0) AS ins_khr,
    count(*) FILTER (WHERE c.kind = 'PAID_OUT') AS outs,
    coalesce(sum(c.usd) FILTER (WHERE c.kind = 'PAID_OUT'), 0) AS outs_usd,
    coalesce(sum(c.khr) FILTER (WHERE c.kind = 'PAID_OUT'), 0) AS outs_khr,
    count(*) FILTER (WHERE c.kind = 'ADJUSTMENT') AS adjusted,
    coalesce(sum(c.usd) FILTER (WHERE c.kind = 'ADJUSTMENT'), 0) AS adjusted_usd,
    coalesce(sum(c.khr) FILTER (WHERE c.kind = 'ADJUSTMENT'), 0) AS adjusted_khr,
    min(a.receipt_number) FILTER (WHERE c.kind = 'SALE_IN') AS first,
    max(a.receipt_number) FILTER (WHERE c.kind = 'SALE_IN') AS last
  FROM "cash_movement" c LEFT JOIN "sale" a
    ON a.tenant_id = c.tenant_id AND a.branch_id = c.branch_id AND a.id = c.sale_id
  WHERE c.tenant_id = s.tenant_id AND c.cash_session_id = s.id) m
WHERE s.status = 'OPEN';
