-- AlterTable
ALTER TABLE "audit_event" ADD COLUMN     "approved_for" TEXT;

-- AlterTable
ALTER TABLE "sync_operation" ADD COLUMN     "approved_for" TEXT;
