import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { quantity } from '../../../ui/format.ts'
import { Facts } from '../../components/facts.tsx'
import { Section } from '../../components/section.tsx'
import { Tag } from '../../components/tag.tsx'
import type { Device } from '../../lib/device-health.ts'

const colours: Record<string, string> = { WHOLE: 'green', WAITING: 'yellow', MISSING: 'red', FORKED: 'red' }

/** `3, 7 to 9`: numbers that a device gave. */
export function useRanges(): (of: readonly { from: number; to: number }[]) => string {
  const { t } = useTranslation('admin')
  const shown = ({ from, to }: { from: number; to: number }) =>
    from === to ? quantity(from) : t('devices.details.gap', { from: quantity(from), to: quantity(to) })
  return (of) => of.map(shown).join(', ')
}

/** Whether what it recorded is here, once and unaltered. */
export function Chains({ of: { chains, lastPushAt } }: { of: Device }) {
  const { t } = useTranslation('admin')
  const ranges = useRanges()
  return (
    <Section title={t('devices.chain.title')} testId="device-chains">
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
    </Section>
  )
}
