-- AlterTable
ALTER TABLE "sync_chain" ADD COLUMN     "given_up" JSON NOT NULL DEFAULT '[]';

-- CreateTable
CREATE TABLE "device_name" (
    "tenant_id" TEXT NOT NULL,
    "device_id" TEXT NOT NULL,
    "name" TEXT,

    CONSTRAINT "device_name_pkey" PRIMARY KEY ("tenant_id","device_id")
);
