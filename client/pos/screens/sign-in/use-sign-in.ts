import { useLocation } from 'wouter'
import { useAction, useSyncClient } from '../../../react/index.ts'
import { type Person, SyncClientError } from '../../../sdk/index.ts'
import { keepBranch, keepTenant, keptBranch } from '../../lib/kept.ts'
import { branchFor, type Credentials, knownPerson, tidied } from '../../lib/sign-in.ts'

/**
 * Gets a person in: whoever has signed in here before by their PIN (without a network if need be), anybody else by the
 * gateway. Then they work in the branch that this tablet is in, or choose one.
 */
export function useSignIn() {
  const client = useSyncClient()
  const [, navigate] = useLocation()
  const { run, ...state } = useAction()

  async function enter(person: Person): Promise<void> {
    const { tenantId, accountId, branchIds } = person
    const branchId = branchFor(branchIds, keptBranch(tenantId))
    const first = branchId ?? branchIds[0]
    if (first === undefined)
      throw new SyncClientError('NO_BRANCH_ACCESS', 'You are not assigned to any branch.')
    keepTenant(tenantId)
    if (branchId !== null) keepBranch(tenantId, branchId)
    await client.switchContext({ tenantId, branchId: first, actorId: accountId })
    navigate(branchId === null ? '/branch' : '/', { replace: true })
  }

  async function signIn(typed: Credentials): Promise<void> {
    const credentials = tidied(typed)
    await run(async () => {
      const known = knownPerson(client.people.list(credentials.tenantId), credentials)
      const person =
        known && !credentials.enrolmentCode
          ? await client.people.confirm(known.accountId, known.tenantId, credentials.pin)
          : await client.people.signIn(credentials)
      await enter(person)
    })
  }
  return { signIn, ...state }
}
