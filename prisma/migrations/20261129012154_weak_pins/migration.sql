-- AlterTable
ALTER TABLE "tenant" ADD COLUMN     "refuse_weak_pins" BOOLEAN NOT NULL DEFAULT true;

-- Those that began with a short one (the demo café) go on as they were.
UPDATE "tenant" SET "refuse_weak_pins" = false WHERE "manager_pin_digits" < 6;
