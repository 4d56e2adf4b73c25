-- Reads all of it once, beside who reads and writes.
ALTER TABLE "audit_trail" VALIDATE CONSTRAINT "audit_trail_of_before";
