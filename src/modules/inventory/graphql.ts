import { admitted } from '../../graphql/access.ts'
import type { AddReads } from '../../graphql/builder.ts'
import { pageOf } from '../../graphql/page.ts'

export const addStockReads: AddReads = (builder) => {
  builder.prismaObject('StockItem', {
    fields: (t) => ({
      id: t.exposeID('id'),
      branchId: t.exposeID('branchId'),
      name: t.exposeString('name'),
      unit: t.exposeString('unit'),
      onHand: t.expose('onHand', { type: 'SafeInt', description: 'In the base unit; may be negative.' }),
      lowAt: t.expose('lowAt', {
        type: 'SafeInt',
        nullable: true,
        description: 'At or below it somebody should order; null: nobody is warned.',
      }),
      belowZero: t.boolean({ resolve: ({ onHand }) => onHand < 0 }),
    }),
  })
  builder.queryField('stock', (t) =>
    t.prismaConnection({
      type: 'StockItem',
      cursor: 'tenantId_branchId_id',
      args: { tenantId: t.arg.id({ required: true }), branchId: t.arg.id({ required: true }) },
      resolve: async (query, _, { tenantId, branchId }, context) => {
        await admitted(context, tenantId, { branchId, permissions: ['inventory.read'] })
        return pageOf(query, {
          of: context.db.tenant(tenantId).prisma.stockItem,
          ...{ place: { tenantId, branchId }, key: 'text' },
          where: { tenantId, branchId },
          orderBy: { id: 'asc' },
        })
      },
    }),
  )
}
