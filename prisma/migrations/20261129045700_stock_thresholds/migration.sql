-- AlterTable
ALTER TABLE "stock_item" ADD COLUMN     "low_at" BIGINT;
