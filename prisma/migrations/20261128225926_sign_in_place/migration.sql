-- CreateTable
CREATE TABLE "sign_in_place" (
    "tenant_id" TEXT NOT NULL,
    "device_id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "place" BYTEA NOT NULL,

    CONSTRAINT "sign_in_place_pkey" PRIMARY KEY ("tenant_id","device_id","account_id")
);
