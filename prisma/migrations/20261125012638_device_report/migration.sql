-- CreateTable
CREATE TABLE "sync_device_report" (
    "tenant_id" TEXT NOT NULL,
    "device_id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "branch_id" TEXT,
    "reported_at" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "waiting" INTEGER NOT NULL,
    "failed" INTEGER NOT NULL,
    "oldest_waiting_at" TIMESTAMPTZ(3),
    "storage" TEXT,
    "usage_bytes" BIGINT,
    "quota_bytes" BIGINT,
    "app_version" TEXT,

    CONSTRAINT "sync_device_report_pkey" PRIMARY KEY ("tenant_id","device_id")
);

-- AddForeignKey
ALTER TABLE "sync_device_report" ADD CONSTRAINT "sync_device_report_tenant_id_device_id_fkey" FOREIGN KEY ("tenant_id", "device_id") REFERENCES "sync_device"("tenant_id", "device_id") ON DELETE CASCADE ON UPDATE CASCADE;
