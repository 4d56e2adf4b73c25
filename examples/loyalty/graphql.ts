import { type AddReads, admitted } from 'modula-sync/gateway'

type Card = { guest: string; stamps: number }

/** `loyaltyCards`: the cards of a branch, the fullest first. */
export const addLoyaltyReads: AddReads = (builder) => {
  const LoyaltyCard = builder.objectRef<Card>('LoyaltyCard').implement({
    description: 'How many stamps a guest has.',
    fields: (t) => ({ guest: t.exposeString('guest'), stamps: t.exposeInt('stamps') }),
  })
  builder.queryField('loyaltyCards', (t) =>
    t.field({
      type: [LoyaltyCard],
      args: { tenantId: t.arg.id({ required: true }), branchId: t.arg.id({ required: true }) },
      resolve: async (_, args, context) => {
        const [tenantId, branchId] = [String(args.tenantId), String(args.branchId)]
        await admitted(context, tenantId, { branchId, permissions: ['loyalty.read'] })
        return context.db.tenant(tenantId).rows<Card>(
          `select guest, stamps from loyalty_card where tenant_id = $1 and branch_id = $2
           order by stamps desc, guest limit 200`,
          [tenantId, branchId],
        )
      },
    }),
  )
}
