import { Group, Select } from '@mantine/core'
import { useSearchParams } from 'wouter'
import { en } from '../locales/en.ts'
import { BranchFilter } from './branch-picker.tsx'
import { useWords } from './use-words.ts'

/** What a list is filtered by stands in the address, beside what else does: a branch, and a word of one kind; null: any. */
export function useFilters(kind: 'event' | 'code', beside: Record<string, string> = {}) {
  const [search, setSearch] = useSearchParams()
  const now = { branch: search.get('branch'), [kind]: search.get(kind) }
  return {
    branchId: now.branch,
    word: now[kind] ?? null,
    filter(change: Record<string, string | null>): void {
      const wanted = Object.entries({ ...beside, ...now, ...change })
      setSearch(Object.fromEntries(wanted.filter((entry): entry is [string, string] => entry[1] !== null)), {
        replace: true,
      })
    },
  }
}

export function Filters(props: {
  kind: 'event' | 'code'
  of: ReturnType<typeof useFilters>
  label: string
  /** Where it is not filtered by one. */
  any: string
}) {
  const { kind, of, label, any } = props
  const word = useWords()
  return (
    <Group mb="md" gap="md" align="flex-end">
      <BranchFilter value={of.branchId} onChange={(branch) => of.filter({ branch })} />
      <Select
        label={label}
        placeholder={any}
        data={Object.keys(en.words[kind]).map((value) => ({ value, label: word(kind, value) }))}
        value={of.word}
        onChange={(chosen) => of.filter({ [kind]: chosen })}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': any }}
        w="20rem"
        maw="100%"
        data-testid={`${kind}-filter`}
      />
    </Group>
  )
}
