-- AlterTable
ALTER TABLE "member" ALTER COLUMN "branch_ids" SET DEFAULT ARRAY[]::TEXT[];

-- CreateTable
CREATE TABLE "member_branch" (
    "tenant_id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "branch_id" TEXT NOT NULL,
    "ended" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "member_branch_pkey" PRIMARY KEY ("tenant_id","account_id","branch_id")
);

-- AddForeignKey
ALTER TABLE "member_branch" ADD CONSTRAINT "member_branch_tenant_id_account_id_fkey" FOREIGN KEY ("tenant_id", "account_id") REFERENCES "member"("tenant_id", "account_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member_branch" ADD CONSTRAINT "member_branch_tenant_id_branch_id_fkey" FOREIGN KEY ("tenant_id", "branch_id") REFERENCES "branch"("tenant_id", "branch_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What the arrays say. (Assignments that a gateway of before this changes while it is being replaced are to be saved again.)
INSERT INTO "member_branch" ("tenant_id", "account_id", "branch_id")
SELECT m."tenant_id", m."account_id", b."branch_id"
FROM "member" m JOIN "branch" b ON b."tenant_id" = m."tenant_id" AND b."branch_id" = ANY (m."branch_ids");

-- Which branches see an entity of the whole tenant, where a list of rows says so; the engine asks no other table.
CREATE VIEW "sync_audience" AS
SELECT "tenant_id", 'staffMember' AS "entity_kind", "account_id" AS "entity_id", "branch_id"
FROM "member_branch" WHERE NOT "ended";
