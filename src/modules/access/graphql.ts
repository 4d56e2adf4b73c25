import { admitted, checkedId, identityOf } from '../../graphql/access.ts'
import type { Builder } from '../../graphql/builder.ts'
import { requestError, unauthenticated } from '../../graphql/errors.ts'
import { pageIn } from '../../graphql/page.ts'
import type { Tokens } from '../../platform/tokens.ts'
import { signIn } from './sign-in.ts'

export function addAccessReads(builder: Builder) {
  builder.prismaObject('Member', {
    name: 'StaffMember',
    fields: (t) => ({
      accountId: t.exposeID('accountId'),
      staffCode: t.exposeString('staffCode'),
      name: t.exposeString('name'),
      role: t.exposeString('role'),
      status: t.exposeString('status', { description: 'ACTIVE or REVOKED.' }),
      branchIds: t.exposeIDList('branchIds'),
    }),
  })

  builder.queryField('me', (t) =>
    t.prismaField({
      type: 'Member',
      description: "The caller's own membership.",
      args: { tenantId: t.arg.id({ required: true }) },
      resolve: async (query, _, { tenantId }, context) => {
        await admitted(context, tenantId)
        const { accountId } = identityOf(context)
        return context.db.prisma.member.findUniqueOrThrow({
          ...query,
          where: { tenantId_accountId: { tenantId, accountId } },
        })
      },
    }),
  )

  builder.queryField('staff', (t) =>
    t.prismaConnection({
      type: 'Member',
      cursor: 'tenantId_staffCode',
      description: 'The people of the tenant, by staff code (MANAGER, ADMIN).',
      args: { tenantId: t.arg.id({ required: true }) },
      resolve: async (query, _, { tenantId }, context) => {
        await admitted(context, tenantId, { permissions: ['staff.readAll'] })
        return context.db.prisma.member.findMany({
          ...pageIn(query, { tenantId }, 'text'),
          where: { tenantId },
          orderBy: { staffCode: 'asc' },
        })
      },
    }),
  )
}

/** Exists only while the gateway issues its own tokens. */
export function addSignIn(builder: Builder, issue: NonNullable<Tokens['issue']>) {
  const Input = builder.inputType('SignInInput', {
    fields: (t) => ({
      tenantId: t.id({ required: true }),
      staffCode: t.string({ required: true }),
      pin: t.string({ required: true }),
      deviceId: t.id({ required: true }),
    }),
  })
  const Payload = builder
    .objectRef<{ token: string; expiresAt: Date; actorId: string }>('SignInPayload')
    .implement({
      fields: (t) => ({
        token: t.exposeString('token'),
        expiresAt: t.expose('expiresAt', { type: 'DateTime' }),
        actorId: t.exposeID('actorId'),
      }),
    })
  builder.mutationField('signIn', (t) =>
    t.field({
      type: Payload,
      description:
        'Signs a person in on a device. Five wrong PINs in a row lock the staff code for a minute.',
      args: { input: t.arg({ type: Input, required: true }) },
      async resolve(_, { input }, { db, services }) {
        const deviceId = checkedId('deviceId', input.deviceId)
        const result = await signIn(db, services.clock(), {
          ...input,
          tenantId: String(input.tenantId),
          deviceId,
        })
        if (result === 'LOCKED')
          throw requestError('TOO_MANY_ATTEMPTS', 'Too many wrong PINs; try again in a minute.', {
            retryAfterMs: 60_000,
          })
        if (result === 'WRONG') throw unauthenticated('The staff code or the PIN is wrong.')
        const { token, expiresAt } = await issue(result.accountId)
        return { token, expiresAt, actorId: result.accountId }
      },
    }),
  )
}
