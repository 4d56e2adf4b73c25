import { admitted, checkedText } from '../../graphql/access.ts'
import type { AddReads } from '../../graphql/builder.ts'
import { pageIn } from '../../graphql/page.ts'
import { inBranchesOf } from '../access/caller.ts'

export const addAuditReads: AddReads = (builder) => {
  builder.prismaObject('AuditEvent', {
    fields: (t) => ({
      id: t.exposeID('id'),
      branchId: t.exposeID('branchId', { nullable: true }),
      name: t.exposeString('name'),
      actorId: t.exposeID('actorId'),
      submittedBy: t.exposeID('submittedBy'),
      approvedFor: t.exposeID('approvedFor', {
        nullable: true,
        description: 'Who asked for it, where the actor approved it by their PIN.',
      }),
      deviceId: t.exposeID('deviceId', { nullable: true }),
      lane: t.exposeString('lane', { description: 'REPLAY or DIRECT.' }),
      clientOpId: t.expose('clientOpId', { type: 'UUID' }),
      occurredAt: t.expose('occurredAt', { type: 'DateTime', description: "By the device's clock." }),
      recordedAt: t.expose('recordedAt', { type: 'DateTime', description: "By the server's clock." }),
      data: t.field({ type: 'JSON', nullable: true, resolve: ({ data }) => data as object | null }),
    }),
  })
  builder.queryField('auditEvents', (t) =>
    t.prismaConnection({
      type: 'AuditEvent',
      cursor: 'tenantId_id',
      description:
        "What happened, newest first (ADMIN), in the branches that the caller is assigned to and to what is the whole tenant's.",
      args: {
        tenantId: t.arg.id({ required: true }),
        branchId: t.arg.id(),
        name: t.arg.string({ description: 'Only events of this name.' }),
      },
      resolve: async (query, _, { tenantId, branchId, name }, context) => {
        const { accountId } = await admitted(context, tenantId, { branchId, permissions: ['audit.read'] })
        const visible = branchId
          ? { branchId }
          : await inBranchesOf(context.db.tenant(tenantId), tenantId, accountId)
        return context.db.tenant(tenantId).prisma.auditEvent.findMany({
          ...pageIn(query, { tenantId }, 'number'),
          where: { tenantId, ...visible, ...(name == null ? {} : { name: checkedText('name', name, 100) }) },
          orderBy: { id: 'desc' },
        })
      },
    }),
  )
}
