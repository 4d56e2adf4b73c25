import { useTranslation } from 'react-i18next'
import { shortId } from '../lib/shown-id.ts'
import { useConsole } from '../live/console.ts'

/** What a person is called; their account's id where they are not known (any more). */
export function usePersonName(): (accountId: string | null | undefined) => string {
  const { people } = useConsole()
  const { t } = useTranslation('admin')
  return (accountId) => (accountId ? (people.get(accountId) ?? accountId) : t('shell.unknown'))
}

/** What a device is called; the end of its id where nobody has named it (ids begin with the time). */
export function useDeviceName(): (deviceId: string | null | undefined) => string {
  const { devices } = useConsole()
  const { t } = useTranslation('admin')
  return (deviceId) => (deviceId ? (devices.get(deviceId) ?? shortId(deviceId)) : t('shell.unknown'))
}

/** What a branch is called; its id where one is not assigned to it. */
export function useBranchName(): (branchId: string | null | undefined) => string {
  const { branches } = useConsole()
  const { t } = useTranslation('admin')
  return (branchId) =>
    branchId
      ? (branches.find((branch) => branch.branchId === branchId)?.name ?? branchId)
      : t('shell.wholeBusiness')
}
