import { admitted } from '../../graphql/access.ts'
import type { AddReads } from '../../graphql/builder.ts'

export const addPolicyReads: AddReads = (builder) => {
  builder.prismaObject('Policy', {
    fields: (t) => ({
      branchId: t.exposeID('branchId'),
      revision: t.exposeInt('revision'),
      vatEnabled: t.exposeBoolean('vatEnabled'),
      vatRatePercent: t.exposeInt('vatRatePercent'),
      fxRateKhrPerUsd: t.exposeInt('fxRateKhrPerUsd'),
      khrRoundingEnabled: t.exposeBoolean('khrRoundingEnabled'),
      khrRoundingMode: t.exposeString('khrRoundingMode'),
      khrRoundingGranularity: t.exposeInt('khrRoundingGranularity'),
      updatedAt: t.expose('updatedAt', { type: 'DateTime' }),
    }),
  })
  builder.queryField('policy', (t) =>
    t.prismaField({
      type: 'Policy',
      args: { tenantId: t.arg.id({ required: true }), branchId: t.arg.id({ required: true }) },
      resolve: async (query, _, { tenantId, branchId }, context) => {
        await admitted(context, tenantId, { branchId, permissions: ['policy.read'] })
        return context.db.tenant(tenantId).prisma.policy.findFirstOrThrow({
          ...query,
          where: { tenantId, branchId },
        })
      },
    }),
  )
}
