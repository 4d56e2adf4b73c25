import { Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { quantity } from '../../../ui/format.ts'
import { Facts } from '../../components/facts.tsx'
import { Tag } from '../../components/tag.tsx'
import type { Device } from '../../lib/device-health.ts'

const colours: Record<string, string> = { WHOLE: 'green', WAITING: 'yellow', MISSING: 'red', FORKED: 'red' }

/** Whether what it recorded is here, once and unaltered. */
export function Chains({ of: { chains, lastPushAt } }: { of: Device }) {
  const { t } = useTranslation('admin')
  const ranges = (of: readonly { from: number; to: number }[]) =>
    of
      .map(({ from, to }) =>
        from === to ? quantity(from) : t('devices.details.gap', { from: quantity(from), to: quantity(to) }),
      )
      .join(', ')
  return (
    <section data-testid="device-chains">
      <Title order={3} size="h5" mb={4}>
        {t('devices.chain.title')}
      </Title>
      {chains.length === 0 && (
        <Text c="dimmed" size="sm">
          {t(lastPushAt ? 'devices.chain.none' : 'devices.chain.nothing')}
        </Text>
      )}
      {chains.slice(0, 3).map(({ id, state, wholeTo, missing, missingCount, givenUp }) => (
        <Facts
          key={id}
          of={[
            [
              t('devices.chain.state'),
              <Tag key="state" color={colours[state]}>
                {t(`devices.chain.is.${state as 'WHOLE'}`)}
              </Tag>,
            ],
            wholeTo == null ? null : [t('devices.chain.wholeTo'), quantity(wholeTo)],
            missingCount > 0 ? [t('devices.chain.missing'), ranges(missing)] : null,
            givenUp.length > 0 ? [t('devices.chain.givenUp'), ranges(givenUp)] : null,
          ]}
        />
      ))}
    </section>
  )
}
