import { admitted } from '../../graphql/access.ts'
import type { AddReads, Builder } from '../../graphql/builder.ts'
import { badInput } from '../../graphql/errors.ts'
import { longPages } from '../../graphql/long-page.ts'
import type { Rows } from '../../platform/database.ts'
import { isLocalDay } from '../tenant/days.ts'
import type { Totals } from './pricing.ts'
import { daysFrom, maxReportDays, salesReport } from './report.ts'
import { addSalesReport } from './report-type.ts'
import { type Takings, takingsSince } from './takings.ts'

export const addSaleReads: AddReads = (builder) => {
  addSales(builder)
  addTakings(builder)
  addReport(builder)
}

/** Sales with the policy's values that each was priced by, as the view `sale_told` has them. */
async function withPolicies<Sold extends { id: string; policy: unknown }>(
  db: Rows,
  { tenantId, branchId }: { tenantId: string; branchId: string },
  sales: readonly Sold[],
): Promise<Sold[]> {
  // By their ids alone, as the engine does (tables.ts).
  const rows = await db.rows<{ branchId: string; id: string; policy: unknown }>(
    'select branch_id as "branchId", id, policy from sale_told where tenant_id = $1 and id = any($2::uuid[])',
    [tenantId, sales.map(({ id }) => id)],
  )
  const ofBranch = rows.filter((row) => row.branchId === branchId)
  const policies = new Map(ofBranch.map(({ id, policy }) => [id, policy]))
  return sales.map((sale) => ({ ...sale, policy: policies.get(sale.id) ?? sale.policy }))
}

function addSales(builder: Builder): void {
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

  const { type, page } = longPages(builder, 'Sale', 'tenantId_branchId_receiptNumber')
  builder.queryFields((t) => ({
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
        const db = context.db.tenant(tenantId)
        const found = await db.prisma.sale.findMany({ ...query, where: { tenantId, id: saleId } })
        const sale = found.find((each) => each.branchId === branchId)
        const [told] = sale ? await withPolicies(db, sale, [sale]) : []
        return told
      },
    }),
    sales: t.connection({
      type,
      description: 'The sales of the branch, newest receipt first.',
      args: {
        tenantId: t.arg.id({ required: true }),
        branchId: t.arg.id({ required: true }),
        receiptNumber: t.arg({ type: 'SafeInt', description: 'Only the one with this number.' }),
      },
      resolve: async (_, { tenantId, branchId, receiptNumber, ...args }, context) => {
        await admitted(context, tenantId, { branchId, permissions: ['sale.read'] })
        const db = context.db.tenant(tenantId)
        return page(args, context, {
          of: db.prisma.sale,
          told: (sales) => withPolicies(db, { tenantId, branchId }, sales),
          ...{ place: { tenantId, branchId }, key: 'number' },
          where: { tenantId, branchId, ...(receiptNumber == null ? {} : { receiptNumber }) },
          orderBy: { receiptNumber: 'desc' },
        })
      },
    }),
  }))
}

function addTakings(builder: Builder): void {
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
        return takingsSince(context.db.tenant(tenantId), tenantId, branchId, since)
      },
    }),
  }))
}

function addReport(builder: Builder): void {
  const SalesReportType = addSalesReport(builder)

  builder.queryFields((t) => ({
    salesReport: t.field({
      type: SalesReportType,
      complexity: 20,
      description: `What the branch has sold (MANAGER, ADMIN), by its own days; ${maxReportDays} at most.`,
      args: {
        tenantId: t.arg.id({ required: true }),
        branchId: t.arg.id({ required: true }),
        from: t.arg.string({ required: true, description: 'A day of the branch, `2026-03-01`.' }),
        to: t.arg.string({ required: true, description: 'The last one, which is in it.' }),
      },
      resolve: async (_, { tenantId, branchId, from, to }, context) => {
        await admitted(context, tenantId, { branchId, permissions: ['sale.report'] })
        const days = isLocalDay(from) && isLocalDay(to) ? daysFrom(from, to) : null
        if (!days) throw badInput(`from and to are days such as 2026-03-01, 1 to ${maxReportDays} of them.`)
        const { timeZone } = await context.db.tenant(tenantId).prisma.branch.findFirstOrThrow({
          where: { tenantId, branchId },
        })
        return salesReport(context.db.tenant(tenantId), { tenantId, branchId, timeZone, days })
      },
    }),
  }))
}
