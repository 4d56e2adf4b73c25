-- AlterTable
ALTER TABLE "member" ADD COLUMN     "token_generation" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "tenant" ADD COLUMN     "acting_days" INTEGER NOT NULL DEFAULT 30,
ADD COLUMN     "manager_pin_digits" INTEGER NOT NULL DEFAULT 6;

-- CreateTable
CREATE TABLE "device_access" (
    "tenant_id" TEXT NOT NULL,
    "device_id" TEXT NOT NULL,
    "generation" INTEGER NOT NULL,
    "shut_out_at" TIMESTAMPTZ(3),
    "shut_out_by" TEXT,
    "reason" TEXT,

    CONSTRAINT "device_access_pkey" PRIMARY KEY ("tenant_id","device_id")
);
