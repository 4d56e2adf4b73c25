-- AlterTable
ALTER TABLE "sync_device_report" ADD COLUMN     "chain_id" UUID,
ADD COLUMN     "head_held" INTEGER,
ADD COLUMN     "head_link" TEXT,
ADD COLUMN     "head_seq" BIGINT,
ADD COLUMN     "rolled_back_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "sync_operation" ADD COLUMN     "chain_id" UUID,
ADD COLUMN     "made_hash" TEXT,
ADD COLUMN     "prev_link" TEXT;

-- CreateTable
CREATE TABLE "sync_chain" (
    "tenant_id" TEXT NOT NULL,
    "device_id" TEXT NOT NULL,
    "chain_id" UUID NOT NULL,
    "runs" JSON NOT NULL,
    "untracked" INTEGER NOT NULL DEFAULT 0,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sync_chain_pkey" PRIMARY KEY ("tenant_id","device_id","chain_id")
);

-- By hand: the operations of a chain, for its export. A device's numbers rise, so it grows at its end.
CREATE INDEX "sync_operation_chain" ON "sync_operation"("tenant_id", "chain_id", "device_seq") WHERE "chain_id" IS NOT NULL;
