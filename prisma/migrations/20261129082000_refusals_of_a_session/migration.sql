-- Those that were dealt with, too, are looked for by their session: what of a closing has come since.
DROP INDEX "refusal_of_session";

-- CreateIndex
CREATE INDEX "refusal_tenant_id_branch_id_cash_session_id_idx" ON "refusal"("tenant_id", "branch_id", "cash_session_id");
