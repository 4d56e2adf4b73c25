import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'wouter'
import { useConsole } from '../live/console.ts'

const key = 'branch'
/** The branch that was looked at last on this page, for the screens that one goes to without naming one. */
let last: string | null = null

/** The branch that the address names, or else the one that was looked at last, or the first. */
export function useBranch(): string {
  const { branches } = useConsole()
  const [search] = useSearchParams()
  const wanted = [search.get(key), last, branches[0]?.branchId]
  const branchId = wanted.find((id) => branches.some((branch) => branch.branchId === id)) ?? ''
  last = branchId
  return branchId
}

/** Chooses the branch that a screen is about. */
export function BranchPicker() {
  const { t } = useTranslation('admin')
  const { branches } = useConsole()
  const [, setSearch] = useSearchParams()
  return (
    <Select
      aria-label={t('shell.branch')}
      data={branches.map(({ branchId, name }) => ({ value: branchId, label: name }))}
      value={useBranch()}
      onChange={(branchId) => branchId && setSearch({ [key]: branchId }, { replace: true })}
      allowDeselect={false}
      data-testid="branch-picker"
    />
  )
}

/** Null: all of them. */
export function BranchFilter(props: { value: string | null; onChange: (branchId: string | null) => void }) {
  const { value, onChange } = props
  const { t } = useTranslation('admin')
  const { branches } = useConsole()
  return (
    <Select
      label={t('shell.branch')}
      placeholder={t('shell.allBranches')}
      data={branches.map(({ branchId, name }) => ({ value: branchId, label: name }))}
      value={value}
      onChange={onChange}
      clearable
      clearButtonProps={{ 'aria-label': t('shell.allBranches') }}
      data-testid="branch-filter"
    />
  )
}
