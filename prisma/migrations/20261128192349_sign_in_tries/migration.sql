-- AlterTable
ALTER TABLE "credential" DROP COLUMN "failed_attempts",
DROP COLUMN "locked_until",
ADD COLUMN     "pin_digits" INTEGER NOT NULL DEFAULT 4;

-- CreateTable
CREATE TABLE "sign_in_try" (
    "key" BYTEA NOT NULL,
    "kind" TEXT NOT NULL,
    "failures" INTEGER NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sign_in_try_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE INDEX "sign_in_try_last_at_idx" ON "sign_in_try"("last_at");
