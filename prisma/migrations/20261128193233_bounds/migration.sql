-- AlterTable
ALTER TABLE "sync_device" ADD COLUMN     "last_stray_seq" BIGINT,
ADD COLUMN     "stray_seqs" BIGINT NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "tenant" ADD COLUMN     "refuse_revisions_older_days" INTEGER;
