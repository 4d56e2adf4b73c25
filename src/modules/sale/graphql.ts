import { admitted } from '../../graphql/access.ts'
import type { AddReads } from '../../graphql/builder.ts'
import { pageIn } from '../../graphql/page.ts'
import type { Totals } from './pricing.ts'
import { type Takings, takingsSince } from './takings.ts'

export const addSaleReads: AddReads = (builder) => {
  const TotalsType = builder.objectRef<Totals>('SaleTotals').implement({
    description: 'US cents and whole riel.',
    fields: (t) => ({
      subtotalUsd: t.expose('subtotalUsd', { type: 'SafeInt' }),
      vatUsd: t.expose('vatUsd', { type: 'SafeInt' }),
      totalUsd: t.expose('totalUsd', { type: 'SafeInt' }),
      totalKhr: t.expose('totalKhr', { type: 'SafeInt' }),
    }),
  })

  builder.prismaObject('Sale', {
    fields: (t) => ({
      id: t.exposeID('id'),
      branchId: t.exposeID('branchId'),
      receiptNumber: t.expose('receiptNumber', { type: 'SafeInt' }),
      status: t.exposeString('status', { description: 'FINALIZED or VOIDED.' }),
      saleType: t.exposeString('saleType'),
      cashSessionId: t.exposeID('cashSessionId'),
      policyRevision: t.exposeInt('policyRevision'),
      policy: t.field({ type: 'JSON', resolve: ({ policy }) => policy as object }),
      lines: t.field({ type: 'JSON', resolve: ({ lines }) => lines as object }),
      totals: t.field({ type: TotalsType, resolve: ({ totals }) => totals as Totals }),
      tender: t.field({ type: 'JSON', resolve: ({ tender }) => tender as object }),
      pricedFromStaleCache: t.exposeBoolean('pricedFromStaleCache'),
      actorId: t.exposeID('actorId'),
      finalizedAt: t.expose('finalizedAt', { type: 'DateTime' }),
      recordedAt: t.expose('recordedAt', { type: 'DateTime', description: 'When the server decided it.' }),
      voidedAt: t.expose('voidedAt', { type: 'DateTime', nullable: true }),
      voidedBy: t.exposeID('voidedBy', { nullable: true }),
      voidReason: t.exposeString('voidReason', { nullable: true }),
    }),
  })

  const Takings = builder.objectRef<Takings>('Takings').implement({
    description: 'What sales came to; those that were voided are counted apart.',
    fields: (t) => ({
      sales: t.expose('sales', { type: 'SafeInt' }),
      totalUsd: t.expose('totalUsd', { type: 'SafeInt', description: 'US cents.' }),
      voided: t.expose('voided', { type: 'SafeInt' }),
    }),
  })

  builder.queryFields((t) => ({
    takings: t.field({
      type: Takings,
      description: 'Of all sales that customers of the branch paid since.',
      args: {
        tenantId: t.arg.id({ required: true }),
        branchId: t.arg.id({ required: true }),
        since: t.arg({ type: 'DateTime', required: true }),
      },
      resolve: async (_, { tenantId, branchId, since }, context) => {
        await admitted(context, tenantId, { branchId, permissions: ['sale.read'] })
        return takingsSince(context.db, tenantId, branchId, since)
      },
    }),
    sale: t.prismaField({
      type: 'Sale',
      nullable: true,
      args: {
        tenantId: t.arg.id({ required: true }),
        branchId: t.arg.id({ required: true }),
        saleId: t.arg({ type: 'UUID', required: true }),
      },
      resolve: async (query, _, { tenantId, branchId, saleId }, context) => {
        await admitted(context, tenantId, { branchId, permissions: ['sale.read'] })
        return context.db.prisma.sale.findUnique({
          ...query,
          where: { tenantId_branchId_id: { tenantId, branchId, id: saleId } },
        })
      },
    }),
    sales: t.prismaConnection({
      type: 'Sale',
      cursor: 'tenantId_branchId_receiptNumber',
      description: 'The sales of the branch, newest receipt first.',
      args: { tenantId: t.arg.id({ required: true }), branchId: t.arg.id({ required: true }) },
      resolve: async (query, _, { tenantId, branchId }, context) => {
        await admitted(context, tenantId, { branchId, permissions: ['sale.read'] })
        return context.db.prisma.sale.findMany({
          ...pageIn(query, { tenantId, branchId }, 'number'),
          where: { tenantId, branchId },
          orderBy: { receiptNumber: 'desc' },
        })
      },
    }),
  }))
}
