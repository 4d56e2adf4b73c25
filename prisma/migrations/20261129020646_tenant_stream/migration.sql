-- AlterTable
ALTER TABLE "sync_change" ADD COLUMN     "only_in" TEXT[];

-- AlterTable
ALTER TABLE "sync_stream" ADD COLUMN     "tenant_seq" BIGINT NOT NULL DEFAULT 0;

-- What of the tenant's own stream is newer than a branch has taken.
CREATE INDEX "sync_change_of_tenant" ON "sync_change"("tenant_id", "seq") WHERE "branch_id" = '';
