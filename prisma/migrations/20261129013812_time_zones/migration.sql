-- AlterTable
ALTER TABLE "branch" ADD COLUMN     "time_zone" TEXT NOT NULL DEFAULT 'Asia/Phnom_Penh';

-- AlterTable
ALTER TABLE "sync_operation" ADD COLUMN     "clock_skew_ms" BIGINT;

-- AlterTable
ALTER TABLE "tenant" ADD COLUMN     "time_zone" TEXT NOT NULL DEFAULT 'Asia/Phnom_Penh';

-- CreateIndex
CREATE INDEX "sale_tenant_id_branch_id_finalized_at_idx" ON "sale"("tenant_id", "branch_id", "finalized_at");

-- What streams say of their branches is said of the zone too, without a new change: it is what whoever knows none takes.
UPDATE "sync_change" SET "payload" = ("payload"::jsonb || '{"timeZone": "Asia/Phnom_Penh"}')::json
WHERE "entity_kind" = 'branch' AND "payload" IS NOT NULL;
