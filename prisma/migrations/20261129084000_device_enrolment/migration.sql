-- AlterTable
ALTER TABLE "device_access" ADD COLUMN     "enrolled_at" TIMESTAMPTZ(3),
ADD COLUMN     "enrolled_by" TEXT;

-- AlterTable
ALTER TABLE "tenant" ADD COLUMN     "device_enrolment" TEXT NOT NULL DEFAULT 'OPEN';

-- CreateTable
CREATE TABLE "device_invite" (
    "tenant_id" TEXT NOT NULL,
    "made_by" TEXT NOT NULL,
    "code_hash" TEXT NOT NULL,
    "name" TEXT,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_by" TEXT,

    CONSTRAINT "device_invite_pkey" PRIMARY KEY ("tenant_id","made_by")
);

-- CreateTable
CREATE TABLE "device_request" (
    "tenant_id" TEXT NOT NULL,
    "device_id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "device_request_pkey" PRIMARY KEY ("tenant_id","device_id")
);
