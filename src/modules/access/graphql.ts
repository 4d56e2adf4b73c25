import { admitted, checkedId, identityOf } from '../../graphql/access.ts'
import type { AddReads, Builder } from '../../graphql/builder.ts'
import { forbidden, requestError, unauthenticated } from '../../graphql/errors.ts'
import { pageIn } from '../../graphql/page.ts'
import type { Tokens } from '../../platform/tokens.ts'
import { reject } from '../../sync/module.ts'
import { noteSignIn, type SignInResult, signIn } from './sign-in.ts'

const actorKeyIs =
  'Signs what this person does on this device (docs/protocol.md, Proof): 32 bytes, base64url. Worth nothing after a new PIN, or once the device is shut out.'

/** Also what people sign in by, beside the reads. */
export const addAccessReads: AddReads = (builder, { issue }) => {
  addPeople(builder)
  addActorKey(builder)
  if (issue) addSignIn(builder, issue)
}

function addPeople(builder: Builder) {
  builder.prismaObject('Member', {
    name: 'StaffMember',
    fields: (t) => ({
      accountId: t.exposeID('accountId'),
      staffCode: t.exposeString('staffCode'),
      name: t.exposeString('name'),
      role: t.exposeString('role'),
      status: t.exposeString('status', { description: 'ACTIVE or REVOKED.' }),
      branchIds: t.idList({
        select: {
          branches: {
            select: { branchId: true },
            where: { ended: false },
            orderBy: { branchId: 'asc' },
          },
        },
        resolve: ({ branches }) => branches.map(({ branchId }) => branchId),
      }),
    }),
  })

  builder.prismaObject('DeviceName', {
    description: 'What people call a device.',
    fields: (t) => ({
      deviceId: t.exposeID('deviceId'),
      name: t.exposeString('name', { nullable: true }),
    }),
  })

  builder.queryField('deviceNames', (t) =>
    t.prismaConnection({
      type: 'DeviceName',
      cursor: 'tenantId_deviceId',
      description: 'The devices that people have named (MANAGER, ADMIN).',
      args: { tenantId: t.arg.id({ required: true }) },
      resolve: async (query, _, { tenantId }, context) => {
        await admitted(context, tenantId, { permissions: ['devices.read'] })
        return context.db.prisma.deviceName.findMany({
          ...pageIn(query, { tenantId }, 'text'),
          where: { tenantId, name: { not: null } },
          orderBy: { deviceId: 'asc' },
        })
      },
    }),
  )

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

/** The caller's own key for a device, for those who did not sign in with a PIN. */
function addActorKey(builder: Builder) {
  builder.mutationField('actorKey', (t) =>
    t.string({
      description: `${actorKeyIs} Counts as signing in on the device.`,
      args: { tenantId: t.arg.id({ required: true }), deviceId: t.arg.id({ required: true }) },
      async resolve(_, args, context) {
        const { db, services } = context
        const tenantId = checkedId('tenantId', args.tenantId)
        const deviceId = checkedId('deviceId', args.deviceId)
        const { accountId, tokenGeneration, deviceGeneration } = await admitted(context, tenantId, {
          deviceId,
        })
        await noteSignIn(db, tenantId, deviceId, accountId, services.clock())
        return services.actorKeys.keyOf({
          ...{ tenantId, deviceId, accountId },
          ...{ memberGeneration: tokenGeneration, deviceGeneration },
        })
      },
    }),
  )
}

/** Exists only while the gateway issues its own tokens. */
function addSignIn(builder: Builder, issue: NonNullable<Tokens['issue']>) {
  const Input = builder.inputType('SignInInput', {
    fields: (t) => ({
      tenantId: t.id({ required: true }),
      staffCode: t.string({ required: true }),
      pin: t.string({ required: true }),
      deviceId: t.id({ required: true }),
    }),
  })
  const Payload = builder
    .objectRef<{ token: string; expiresAt: Date; actorId: string; actorKey: string }>('SignInPayload')
    .implement({
      fields: (t) => ({
        token: t.exposeString('token'),
        expiresAt: t.expose('expiresAt', { type: 'DateTime' }),
        actorId: t.exposeID('actorId'),
        actorKey: t.exposeString('actorKey', { description: actorKeyIs }),
      }),
    })
  builder.mutationField('signIn', (t) =>
    t.field({
      type: Payload,
      description:
        'Signs a person in on a device. Five wrong PINs in a row lock the staff code for a minute, and longer each time after.',
      args: { input: t.arg({ type: Input, required: true }) },
      async resolve(_, { input }, { db, services, clientAddress }) {
        const deviceId = checkedId('deviceId', input.deviceId)
        const tenantId = String(input.tenantId)
        const asked = { ...input, tenantId, deviceId, address: clientAddress }
        const result = await signIn(db, services.tries, services.clock(), asked)
        services.metrics.signIns.inc({ result: 'refused' in result ? result.refused : 'SIGNED_IN' })
        if ('refused' in result) {
          // Never the code that was typed: it may be a PIN.
          const { refused } = result
          services.log.info({ refused, tenantId, deviceId, address: clientAddress }, 'a sign-in was refused')
          throw refusalOf(result)
        }
        const { signedIn } = result
        const { token, expiresAt } = await issue(signedIn)
        return { token, expiresAt, actorId: signedIn.accountId, actorKey: services.actorKeys.keyOf(signedIn) }
      },
    }),
  )
}

function refusalOf(result: Extract<SignInResult, { refused: string }>) {
  switch (result.refused) {
    case 'WRONG':
      return unauthenticated('The staff code or the PIN is wrong.')
    case 'LOCKED': {
      const { retryAfterMs } = result
      const minutes = Math.max(1, Math.ceil(retryAfterMs / 60_000))
      const when = minutes === 1 ? 'in a minute' : `in ${minutes} minutes`
      return requestError('TOO_MANY_ATTEMPTS', `Too many wrong PINs; try again ${when}.`, { retryAfterMs })
    }
    case 'BUSY':
      return requestError('RATE_LIMITED', 'Too many people sign in just now; try again in a moment.', {
        retryAfterMs: 2_000,
      })
    case 'SHUT_OUT':
      return forbidden(
        reject('DEVICE_SHUT_OUT', 'This device has been shut out; a manager can let it in again.'),
      )
  }
}
