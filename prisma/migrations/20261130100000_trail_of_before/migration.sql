SET LOCAL lock_timeout = '5s';

-- What is in the trail until now is to be its first partition, as it is. That it fits is looked at by the next migration, which
-- nobody waits for.
ALTER TABLE "audit_trail" ADD CONSTRAINT "audit_trail_of_before" CHECK ("id" < 2026000000000000) NOT VALID;
