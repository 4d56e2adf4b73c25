import { Center, Loader, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** While the store is opened: moments, mostly. */
export function Opening() {
  const { t } = useTranslation('pos')
  return (
    <Center component="main" mih="100dvh">
      <Stack align="center" role="status">
        <Loader aria-hidden />
        <Text c="dimmed">{t('shell.opening')}</Text>
      </Stack>
    </Center>
  )
}
