-- CreateIndex
CREATE INDEX "audit_event_tenant_id_name_id_idx" ON "audit_event"("tenant_id", "name", "id");
