import { v7 as newId } from 'uuid'
import { admitted, checkedId, identityOf } from '../../graphql/access.ts'
import type { AddReads, Builder } from '../../graphql/builder.ts'
import { forbidden, requestError, unauthenticated } from '../../graphql/errors.ts'
import { pageOf } from '../../graphql/page.ts'
import type { Tokens } from '../../platform/tokens.ts'
import type { Services } from '../../services.ts'
import { payloadHashOf } from '../../sync/inspect.ts'
import { push } from '../../sync/push.ts'
import { shutOutDenial } from './caller.ts'
import { codeIsWrong, type DeviceRequest, notEnrolled, requestsOf, spendCode } from './enrolment.ts'
import { pinTurns } from './pin-turns.ts'
import { type Enrol, noteSignIn, type Refusal, signIn } from './sign-in.ts'

const actorKeyIs =
  'Signs what this person does on this device (docs/protocol.md, Proof): 32 bytes, base64url. Worth nothing after a new PIN, or once the device is shut out.'

/** Also what people sign in by, beside the reads. */
export const addAccessReads: AddReads = (builder, { issue }) => {
  addPeople(builder)
  addActorKey(builder)
  addEnrolment(builder)
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
        return pageOf(query, {
          of: context.db.tenant(tenantId).prisma.deviceName,
          ...{ place: { tenantId }, key: 'text' },
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
        return context.db.tenant(tenantId).prisma.member.findFirstOrThrow({
          ...query,
          where: { tenantId, accountId },
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
        return pageOf(query, {
          of: context.db.tenant(tenantId).prisma.member,
          ...{ place: { tenantId }, key: 'text' },
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
        await noteSignIn(db.tenant(tenantId), tenantId, deviceId, accountId, services.clock())
        return services.actorKeys.keyOf({
          ...{ tenantId, deviceId, accountId },
          ...{ memberGeneration: tokenGeneration, deviceGeneration },
        })
      },
    }),
  )
}

/** In the name of whoever made the code, by the same road as if they approved it themselves. */
const enrolBy =
  ({ engine, clock }: Services): Enrol =>
  async (tenantId, deviceId, { madeBy, name }) => {
    const payload = { deviceId, byCode: true, ...(name === null ? {} : { name }) }
    const of = { type: 'device.approve', branchId: null, payload }
    const operation = { ...of, clientOpId: newId(), payloadHash: payloadHashOf(of), occurredAt: clock() }
    const [verdict] = await push(engine, {
      ...{ tenantId, deviceId: null, accountId: madeBy, lane: 'DIRECT' as const },
      operations: [operation],
    })
    return verdict?.status === 'APPLIED'
  }

/** Who waits to be let in, and the way in for those who do not sign in with a PIN. */
function addEnrolment(builder: Builder) {
  const Request = builder.objectRef<DeviceRequest>('DeviceRequest').implement({
    description:
      'A device on which somebody was who they said, and which nobody has let into the business yet.',
    fields: (t) => ({
      deviceId: t.exposeID('deviceId'),
      accountId: t.exposeID('accountId', { description: 'Who was on it last.' }),
      askedAt: t.expose('askedAt', { type: 'DateTime' }),
    }),
  })
  builder.queryField('deviceRequests', (t) =>
    t.field({
      type: [Request],
      complexity: { multiplier: 20 },
      description: 'The devices that wait to be let in, the latest first (MANAGER, ADMIN).',
      args: { tenantId: t.arg.id({ required: true }) },
      resolve: async (_, args, context) => {
        const tenantId = checkedId('tenantId', args.tenantId)
        await admitted(context, tenantId, { permissions: ['devices.read'] })
        return requestsOf(context.db.tenant(tenantId), tenantId, context.services.clock())
      },
    }),
  )
  builder.mutationField('enrolDevice', (t) =>
    t.boolean({
      description:
        "Lets the caller's device into the business by a code, where an identity provider signs people in; else `signIn` takes the code. Wrong ones are counted like wrong PINs.",
      args: {
        tenantId: t.arg.id({ required: true }),
        deviceId: t.arg.id({ required: true }),
        enrolmentCode: t.arg.string({ required: true }),
      },
      async resolve(_, args, context) {
        const { db, services, clientAddress: address } = context
        const tenantId = checkedId('tenantId', args.tenantId)
        const deviceId = checkedId('deviceId', args.deviceId)
        const { accountId } = await admitted(context, tenantId, { deviceId, enrols: true })
        const at = services.clock()
        const staffCode = `enrolment ${accountId}`
        const tried = { tenantId, staffCode, deviceId, address, generation: 0, known: 'NOWHERE' as const }
        if (!(await services.tries.reserve(tried, at))) {
          const retryAfterMs = await services.tries.lockedFor(tried, at)
          throw refusalOf({ refused: 'LOCKED', retryAfterMs })
        }
        const invited = await pinTurns.run(tenantId, address, () =>
          spendCode(db.tenant(tenantId), { tenantId, deviceId, at }, args.enrolmentCode),
        )
        if (!invited || !(await enrolBy(services)(tenantId, deviceId, invited)))
          throw forbidden(codeIsWrong())
        await services.tries.succeed(tried)
        return true
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
      enrolmentCode: t.string({
        description: 'What lets the device into the business, where devices are enrolled (`deviceInvite`).',
      }),
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
      async resolve(_, { input }, context) {
        const { db, services, clientAddress } = context
        const deviceId = checkedId('deviceId', input.deviceId)
        const tenantId = String(input.tenantId)
        const asked = { ...input, tenantId, deviceId, address: clientAddress }
        const enrol = enrolBy(services)
        const result = await signIn({ db, tries: services.tries, at: services.clock(), enrol }, asked)
        services.metrics.signIns.inc({ result: 'refused' in result ? result.refused : 'SIGNED_IN' })
        if ('refused' in result) {
          // Never the code that was typed, nor a business that there is none of: it may be a PIN.
          const { refused, ofTenant } = result
          const of = { refused, tenantId: ofTenant, deviceId, address: clientAddress }
          services.log.info(of, 'a sign-in was refused')
          throw refusalOf(result)
        }
        const { signedIn } = result
        const { token, expiresAt } = await issue(signedIn)
        return { token, expiresAt, actorId: signedIn.accountId, actorKey: services.actorKeys.keyOf(signedIn) }
      },
    }),
  )
}

function refusalOf(result: Refusal) {
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
    case 'NOT_ENROLLED':
      return forbidden(notEnrolled())
    case 'CODE_WRONG':
      return forbidden(codeIsWrong())
    case 'SHUT_OUT':
      return forbidden(shutOutDenial())
  }
}
