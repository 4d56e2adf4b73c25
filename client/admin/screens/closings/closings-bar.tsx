import { Button, Group, SegmentedControl } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { dayAfter, startOfDay } from '../../../contract.ts'
import { saveFile } from '../../../ui/save-file.ts'
import { DayRange } from '../../components/day-range.tsx'
import { usePersonName } from '../../components/names.tsx'
import { closingsTable, type KindOfClosing, kindsOfClosing } from '../../lib/closing.ts'
import { csvOf } from '../../lib/csv.ts'
import { useBackend } from '../../live/console.ts'
import type { Closing } from './closings.tsx'
import { proofExportQuery } from './documents.ts'

export type Shown = { from: string; to: string; kind: KindOfClosing }

/** Days of the branch as times; what is left empty has no end. */
export const timesOf = ({ from, to }: Shown, timeZone: string) => ({
  from: from ? startOfDay(from, timeZone).toISOString() : null,
  to: to ? startOfDay(dayAfter(to, 1), timeZone).toISOString() : null,
})

/** Which closings are shown, and those as files: a table, and what an auditor verifies. */
export function ClosingsBar(props: {
  shown: Shown
  onChange: (shown: Shown) => void
  closings: readonly Closing[]
  branchId: string
  timeZone: string
}) {
  const { shown, onChange, closings, branchId, timeZone } = props
  const { t } = useTranslation('admin')
  const personName = usePersonName()
  const { gateway } = useBackend()
  const [isExporting, setExporting] = useState(false)
  const name = ['closings', branchId, shown.from, shown.to].filter(Boolean).join('-')

  async function exportProof(): Promise<void> {
    setExporting(true)
    try {
      const { from, to } = timesOf(shown, timeZone)
      const of = { branchId, from: from ?? '1970-01-01T00:00:00Z', to: to ?? '9999-01-01T00:00:00Z' }
      const lines: string[] = []
      let after: string | null = null
      do {
        const page: { lines: string[]; next?: string | null } = (
          await gateway.read(proofExportQuery, { ...of, after })
        ).proofExport
        lines.push(...page.lines)
        after = page.next ?? null
      } while (after !== null)
      saveFile(`${name}.jsonl`, `${lines.join('\n')}\n`, 'application/x-ndjson')
    } finally {
      setExporting(false)
    }
  }

  return (
    <Group align="flex-end" mb="md">
      <DayRange of="closings" value={shown} onChange={(days) => onChange({ ...shown, ...days })} />
      <SegmentedControl
        value={shown.kind}
        onChange={(kind) => onChange({ ...shown, kind: kind as KindOfClosing })}
        data={kindsOfClosing.map((value) => ({ value, label: t(`closings.kind.${value}`) }))}
        data-testid="closings-kind"
      />
      <Button
        variant="default"
        leftSection={<IconDownload size={20} />}
        onClick={() => saveFile(`${name}.csv`, csvOf([closingsTable(closings, personName)]))}
        data-testid="closings-csv"
      >
        CSV
      </Button>
      <Button
        variant="default"
        leftSection={<IconDownload size={20} />}
        loading={isExporting}
        onClick={() => void exportProof()}
        data-testid="closings-json"
      >
        {t('closings.proof')}
      </Button>
    </Group>
  )
}
