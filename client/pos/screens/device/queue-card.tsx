import { Alert, Box, Button, Card, FileButton, Group, Text, Title } from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAction, useSyncClient } from '../../../react/index.ts'
import { ExportQueue } from '../../components/export-queue.tsx'
import { Problem } from '../../components/problem.tsx'
import { saveQueue } from './save-queue.ts'

/** The rescue copy: what was not sent, out of a broken tablet and into another one. */
export function QueueCard() {
  const { t } = useTranslation('pos')
  const client = useSyncClient()
  const [counts, setCounts] = useState<{ imported: number; skipped: number } | null>(null)
  const { run, problem } = useAction()

  async function save() {
    saveQueue(await client.exportQueue())
  }
  async function read(file: File | null) {
    if (!file) return
    setCounts(null)
    await run(async () => setCounts(await client.importQueue(await file.text())))
  }

  return (
    <Card withBorder>
      <Title order={2} size="h4" mb="sm">
        {t('device.queue')}
      </Title>
      <Text c="dimmed" mb="sm">
        {t('device.queueText')}
      </Text>
      <Group gap="xs">
        <ExportQueue onExport={save} />
        <FileButton accept="application/json,.json" onChange={(file) => void read(file)}>
          {(props) => (
            <Button variant="default" leftSection={<IconUpload size={20} aria-hidden />} {...props}>
              {t('device.import')}
            </Button>
          )}
        </FileButton>
      </Group>
      {counts && (
        <Alert color="green" mt="sm" role="status">
          {t('device.imported', counts)}
        </Alert>
      )}
      {problem && (
        <Box mt="sm">
          <Problem of={problem} />
        </Box>
      )}
    </Card>
  )
}
