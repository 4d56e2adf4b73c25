import { admitted } from '../../graphql/access.ts'
import type { AddReads } from '../../graphql/builder.ts'
import { pageOf } from '../../graphql/page.ts'

export const addTenantReads: AddReads = (builder) => {
  const Branch = builder.prismaObject('Branch', {
    fields: (t) => ({
      branchId: t.exposeID('branchId'),
      name: t.exposeString('name'),
      status: t.exposeString('status', { description: 'ACTIVE or FROZEN.' }),
      timeZone: t.exposeString('timeZone', { description: 'By which its days are; an IANA name.' }),
    }),
  })

  builder.prismaObject('Tenant', {
    fields: (t) => ({
      tenantId: t.exposeID('tenantId'),
      name: t.exposeString('name'),
      status: t.exposeString('status', { description: 'ACTIVE or FROZEN.' }),
      actingDays: t.exposeInt('actingDays'),
      managerPinDigits: t.exposeInt('managerPinDigits'),
      refuseRevisionsOlderDays: t.exposeInt('refuseRevisionsOlderDays', { nullable: true }),
      deviceEnrolment: t.exposeString('deviceEnrolment', {
        description: 'OPEN: any device may sign in. APPROVED: only those that were let in.',
      }),
      timeZone: t.exposeString('timeZone', { description: 'What new branches begin with; an IANA name.' }),
      branches: t.prismaConnection({
        type: 'Branch',
        cursor: 'tenantId_branchId',
        description: 'The branches that the caller is assigned to.',
        resolve: async (query, { tenantId }, _, context) => {
          const { accountId } = await admitted(context, tenantId)
          return pageOf(query, {
            of: context.db.tenant(tenantId).prisma.branch,
            ...{ place: { tenantId }, key: 'text' },
            where: { tenantId, members: { some: { tenantId, accountId, ended: false } } },
            orderBy: { branchId: 'asc' },
          })
        },
      }),
    }),
  })

  builder.queryField('tenant', (t) =>
    t.prismaField({
      type: 'Tenant',
      args: { tenantId: t.arg.id({ required: true }) },
      resolve: async (query, _, { tenantId }, context) => {
        await admitted(context, tenantId)
        return context.db.tenant(tenantId).prisma.tenant.findFirstOrThrow({ ...query, where: { tenantId } })
      },
    }),
  )

  builder.queryField('branch', (t) =>
    t.prismaField({
      type: Branch,
      args: { tenantId: t.arg.id({ required: true }), branchId: t.arg.id({ required: true }) },
      resolve: async (query, _, { tenantId, branchId }, context) => {
        await admitted(context, tenantId, { branchId })
        return context.db.tenant(tenantId).prisma.branch.findFirstOrThrow({
          ...query,
          where: { tenantId, branchId },
        })
      },
    }),
  )
}
