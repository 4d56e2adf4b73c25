import { Button, Center } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ReadList } from '../live/use-reading.ts'

/** Below a list that goes on. */
export function LoadMore({ of: read }: { of: ReadList<unknown> }) {
  const { t } = useTranslation('admin')
  if (!read.data?.hasMore) return null
  return (
    <Center mt="md">
      <Button variant="default" onClick={read.more} loading={read.isLoading} data-testid="load-more">
        {t('shell.loadMore')}
      </Button>
    </Center>
  )
}
