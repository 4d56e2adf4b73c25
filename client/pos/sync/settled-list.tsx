import { Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useEntities } from '../../react/index.ts'
import { useFormats } from '../../ui/format.ts'
import { useNameOf } from '../hooks/use-context.ts'
import { useTypeName } from './operation-title.tsx'

/** The latest; the console has them all. */
const shownAtMost = 10

/** What was refused in this branch and somebody has dealt with, here or at the office: how, who, and why. */
export function SettledList() {
  const { t } = useTranslation('pos')
  const nameOf = useNameOf()
  const typeName = useTypeName()
  const { dayAndTime } = useFormats()
  const settled = [...useEntities('refusedOperation')]
    .sort((one, other) => Date.parse(other.at) - Date.parse(one.at))
    .slice(0, shownAtMost)
  if (settled.length === 0) return null
  return (
    <section data-testid="settled-list">
      <Title order={3} size="h5" mb="xs">
        {t('sync.settledTitle')}
      </Title>
      <Stack component="ul" gap="xs" p={0} m={0} style={{ listStyle: 'none' }}>
        {settled.map(({ id, type, outcome, by, at, reason }) => (
          <li key={id} data-testid="settled-item" data-outcome={outcome}>
            <Text>
              {typeName(type)}: {t(`sync.outcome.${outcome}`)}
            </Text>
            <Text size="sm" c="dimmed">
              {t('sync.by', { name: nameOf(by), time: dayAndTime(at) })}
              {reason && ` · ${reason}`}
            </Text>
          </li>
        ))}
      </Stack>
    </section>
  )
}
