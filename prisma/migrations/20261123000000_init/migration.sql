-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "member" (
    "tenant_id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "staff_code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'ACTIVE',
    "branch_ids" TEXT[],

    CONSTRAINT "member_pkey" PRIMARY KEY ("tenant_id","account_id")
);

-- CreateTable
CREATE TABLE "credential" (
    "tenant_id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "pin_hash" TEXT NOT NULL,
    "failed_attempts" INTEGER NOT NULL DEFAULT 0,
    "locked_until" TIMESTAMPTZ(3),

    CONSTRAINT "credential_pkey" PRIMARY KEY ("tenant_id","account_id")
);

-- CreateTable
CREATE TABLE "device_sign_in" (
    "tenant_id" TEXT NOT NULL,
    "device_id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "signed_in_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "device_sign_in_pkey" PRIMARY KEY ("tenant_id","device_id","account_id")
);

-- CreateTable
CREATE TABLE "signing_key" (
    "id" TEXT NOT NULL,
    "jwk" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "signing_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "attendance" (
    "tenant_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "branch_id" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "start_location" JSON,
    "end_location" JSON,

    CONSTRAINT "attendance_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "audit_event" (
    "tenant_id" TEXT NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "branch_id" TEXT,
    "name" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "submitted_by" TEXT NOT NULL,
    "device_id" TEXT,
    "lane" TEXT NOT NULL,
    "client_op_id" UUID NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "data" JSON,

    CONSTRAINT "audit_event_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "cash_session" (
    "tenant_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "branch_id" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "opened_by" TEXT NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "opening_usd" BIGINT NOT NULL,
    "opening_khr" BIGINT NOT NULL,
    "expected_usd" BIGINT NOT NULL,
    "expected_khr" BIGINT NOT NULL,
    "counted_usd" BIGINT,
    "counted_khr" BIGINT,
    "closed_by" TEXT,
    "closed_at" TIMESTAMPTZ(3),
    "note" TEXT,

    CONSTRAINT "cash_session_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "cash_movement" (
    "tenant_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "branch_id" TEXT NOT NULL,
    "cash_session_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "usd" BIGINT NOT NULL,
    "khr" BIGINT NOT NULL,
    "reason" TEXT,
    "sale_id" UUID,
    "actor_id" TEXT NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "cash_movement_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "stock_item" (
    "tenant_id" TEXT NOT NULL,
    "branch_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "on_hand" BIGINT NOT NULL,

    CONSTRAINT "stock_item_pkey" PRIMARY KEY ("tenant_id","branch_id","id")
);

-- CreateTable
CREATE TABLE "stock_entry" (
    "tenant_id" TEXT NOT NULL,
    "branch_id" TEXT NOT NULL,
    "client_op_id" UUID NOT NULL,
    "stock_item_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "quantity" BIGINT NOT NULL,
    "sale_id" UUID,
    "reason" TEXT,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "stock_entry_pkey" PRIMARY KEY ("tenant_id","branch_id","client_op_id","stock_item_id")
);

-- CreateTable
CREATE TABLE "menu_category" (
    "tenant_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "removed" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "menu_category_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "modifier_group" (
    "tenant_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "min_selections" INTEGER NOT NULL,
    "max_selections" INTEGER NOT NULL,
    "options" JSON NOT NULL,
    "removed" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "modifier_group_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "menu_item" (
    "tenant_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "category_id" TEXT NOT NULL,
    "price_usd" INTEGER NOT NULL,
    "modifier_group_ids" TEXT[],
    "recipe" JSON NOT NULL,
    "visible_in" JSON,
    "archived" BOOLEAN NOT NULL DEFAULT false,
    "removed" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "menu_item_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "menu_item_revision" (
    "tenant_id" TEXT NOT NULL,
    "menu_item_id" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "category_id" TEXT NOT NULL,
    "category_name" TEXT NOT NULL,
    "price_usd" INTEGER NOT NULL,
    "modifier_groups" JSON NOT NULL,
    "recipe" JSON NOT NULL,
    "published_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "menu_item_revision_pkey" PRIMARY KEY ("tenant_id","menu_item_id","revision")
);

-- CreateTable
CREATE TABLE "policy" (
    "tenant_id" TEXT NOT NULL,
    "branch_id" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "vat_enabled" BOOLEAN NOT NULL,
    "vat_rate_percent" INTEGER NOT NULL,
    "fx_rate_khr_per_usd" INTEGER NOT NULL,
    "khr_rounding_enabled" BOOLEAN NOT NULL,
    "khr_rounding_mode" TEXT NOT NULL,
    "khr_rounding_granularity" INTEGER NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "policy_pkey" PRIMARY KEY ("tenant_id","branch_id")
);

-- CreateTable
CREATE TABLE "policy_revision" (
    "tenant_id" TEXT NOT NULL,
    "branch_id" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "vat_enabled" BOOLEAN NOT NULL,
    "vat_rate_percent" INTEGER NOT NULL,
    "fx_rate_khr_per_usd" INTEGER NOT NULL,
    "khr_rounding_enabled" BOOLEAN NOT NULL,
    "khr_rounding_mode" TEXT NOT NULL,
    "khr_rounding_granularity" INTEGER NOT NULL,
    "published_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "policy_revision_pkey" PRIMARY KEY ("tenant_id","branch_id","revision")
);

-- CreateTable
CREATE TABLE "sale" (
    "tenant_id" TEXT NOT NULL,
    "branch_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "client_op_id" UUID NOT NULL,
    "receipt_number" BIGINT NOT NULL,
    "status" TEXT NOT NULL,
    "sale_type" TEXT NOT NULL,
    "cash_session_id" UUID NOT NULL,
    "policy_revision" INTEGER NOT NULL,
    "policy" JSON NOT NULL,
    "lines" JSON NOT NULL,
    "totals" JSON NOT NULL,
    "tender" JSON NOT NULL,
    "priced_from_stale_cache" BOOLEAN NOT NULL,
    "actor_id" TEXT NOT NULL,
    "finalized_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "voided_at" TIMESTAMPTZ(3),
    "voided_by" TEXT,
    "void_reason" TEXT,

    CONSTRAINT "sale_pkey" PRIMARY KEY ("tenant_id","branch_id","id")
);

-- CreateTable
CREATE TABLE "receipt_counter" (
    "tenant_id" TEXT NOT NULL,
    "branch_id" TEXT NOT NULL,
    "last_number" BIGINT NOT NULL,

    CONSTRAINT "receipt_counter_pkey" PRIMARY KEY ("tenant_id","branch_id")
);

-- CreateTable
CREATE TABLE "sync_stream" (
    "tenant_id" TEXT NOT NULL,
    "branch_id" TEXT NOT NULL,
    "epoch" UUID NOT NULL,
    "head_seq" BIGINT NOT NULL DEFAULT 0,
    "horizon_seq" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "sync_stream_pkey" PRIMARY KEY ("tenant_id","branch_id")
);

-- CreateTable
CREATE TABLE "sync_change" (
    "tenant_id" TEXT NOT NULL,
    "branch_id" TEXT NOT NULL,
    "entity_kind" TEXT NOT NULL,
    "entity_id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "module" TEXT NOT NULL,
    "op_kind" TEXT NOT NULL,
    "payload" JSON,
    "owner_id" TEXT,
    "actor_id" TEXT,
    "client_op_id" UUID,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "ages_from" TIMESTAMPTZ(3),

    CONSTRAINT "sync_change_pkey" PRIMARY KEY ("tenant_id","branch_id","entity_kind","entity_id")
);

-- CreateTable
CREATE TABLE "sync_operation" (
    "tenant_id" TEXT NOT NULL,
    "client_op_id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "branch_id" TEXT,
    "payload" JSON,
    "payload_hash" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "code" TEXT,
    "message" TEXT,
    "details" JSON,
    "result" JSON,
    "applied_seq" BIGINT,
    "actor_id" TEXT NOT NULL,
    "submitted_by" TEXT NOT NULL,
    "device_id" TEXT,
    "device_seq" BIGINT,
    "lane" TEXT NOT NULL,
    "depends_on" UUID[],
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sync_operation_pkey" PRIMARY KEY ("tenant_id","client_op_id")
);

-- CreateTable
CREATE TABLE "sync_device" (
    "tenant_id" TEXT NOT NULL,
    "device_id" TEXT NOT NULL,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "last_push_at" TIMESTAMPTZ(3),
    "received_seqs" int8multirange NOT NULL DEFAULT '{}'::int8multirange,

    CONSTRAINT "sync_device_pkey" PRIMARY KEY ("tenant_id","device_id")
);

-- CreateTable
CREATE TABLE "sync_checkpoint" (
    "tenant_id" TEXT NOT NULL,
    "device_id" TEXT NOT NULL,
    "branch_id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "pulled_seq" BIGINT NOT NULL,
    "pulled_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sync_checkpoint_pkey" PRIMARY KEY ("tenant_id","device_id","branch_id")
);

-- CreateTable
CREATE TABLE "tenant" (
    "tenant_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'ACTIVE',

    CONSTRAINT "tenant_pkey" PRIMARY KEY ("tenant_id")
);

-- CreateTable
CREATE TABLE "branch" (
    "tenant_id" TEXT NOT NULL,
    "branch_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'ACTIVE',

    CONSTRAINT "branch_pkey" PRIMARY KEY ("tenant_id","branch_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "member_tenant_id_staff_code_key" ON "member"("tenant_id", "staff_code");

-- CreateIndex
CREATE INDEX "attendance_tenant_id_branch_id_started_at_idx" ON "attendance"("tenant_id", "branch_id", "started_at");

-- CreateIndex
CREATE INDEX "audit_event_tenant_id_branch_id_id_idx" ON "audit_event"("tenant_id", "branch_id", "id");

-- CreateIndex
CREATE INDEX "cash_session_tenant_id_branch_id_opened_at_idx" ON "cash_session"("tenant_id", "branch_id", "opened_at");

-- CreateIndex
CREATE INDEX "cash_movement_tenant_id_cash_session_id_idx" ON "cash_movement"("tenant_id", "cash_session_id");

-- CreateIndex
CREATE UNIQUE INDEX "sale_tenant_id_branch_id_receipt_number_key" ON "sale"("tenant_id", "branch_id", "receipt_number");

-- CreateIndex
CREATE UNIQUE INDEX "sync_change_tenant_id_branch_id_module_seq_key" ON "sync_change"("tenant_id", "branch_id", "module", "seq");

-- AddForeignKey
ALTER TABLE "sync_checkpoint" ADD CONSTRAINT "sync_checkpoint_tenant_id_device_id_fkey" FOREIGN KEY ("tenant_id", "device_id") REFERENCES "sync_device"("tenant_id", "device_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma's models cannot say:

-- At most one open cash session in a branch, one running work record for each person, whatever races there are.
CREATE UNIQUE INDEX "cash_session_one_open" ON "cash_session"("tenant_id", "branch_id") WHERE "status" = 'OPEN';
CREATE UNIQUE INDEX "attendance_one_active" ON "attendance"("tenant_id", "actor_id") WHERE "status" = 'ACTIVE';

-- The rejected operations of a branch, newest first, however many were applied.
CREATE INDEX "sync_operation_rejected" ON "sync_operation"("tenant_id", "decided_at" DESC, "client_op_id") WHERE "status" = 'REJECTED';

-- What ages: the retention task reads the oldest of it, never the rest.
CREATE INDEX "sync_change_ages" ON "sync_change"("ages_from") WHERE "ages_from" IS NOT NULL;
