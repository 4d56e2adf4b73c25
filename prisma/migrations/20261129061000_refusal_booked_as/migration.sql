-- AlterTable
ALTER TABLE "refusal" ADD COLUMN     "booked_as" TEXT;
