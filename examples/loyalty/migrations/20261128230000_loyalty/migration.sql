CREATE TABLE "loyalty_card" (
    "tenant_id" TEXT NOT NULL,
    "branch_id" TEXT NOT NULL,
    "guest" TEXT NOT NULL,
    "stamps" INTEGER NOT NULL,
    CONSTRAINT "loyalty_card_pkey" PRIMARY KEY ("tenant_id", "branch_id", "guest")
);

CREATE TABLE "loyalty_stamp" (
    "tenant_id" TEXT NOT NULL,
    "branch_id" TEXT NOT NULL,
    "sale_id" UUID NOT NULL,
    "stamp_id" UUID NOT NULL,
    "guest" TEXT NOT NULL,
    "stamped_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "loyalty_stamp_pkey" PRIMARY KEY ("tenant_id", "branch_id", "sale_id")
);
