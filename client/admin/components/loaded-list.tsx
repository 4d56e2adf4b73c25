import { Button, Center } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Listed } from '../lib/pages.ts'
import type { Read } from '../live/use-reading.ts'
import { Loaded } from './loaded.tsx'

/** A list that was read, `empty` where nothing is in it, and below one that goes on the way to more. */
export function LoadedList<Node>(props: {
  of: Read<Listed<Node>> & { readonly more?: () => void }
  empty: ReactNode
  skeleton?: ReactNode
  children: (nodes: readonly Node[]) => ReactNode
}) {
  const { of: read, empty, skeleton, children } = props
  const { t } = useTranslation('admin')
  return (
    <>
      <Loaded of={read} skeleton={skeleton}>
        {({ nodes }) => (nodes.length === 0 ? empty : children(nodes))}
      </Loaded>
      {read.more && read.data?.hasMore && (
        <Center mt="md">
          <Button variant="default" onClick={read.more} loading={read.isLoading} data-testid="load-more">
            {t('shell.loadMore')}
          </Button>
        </Center>
      )}
    </>
  )
}
